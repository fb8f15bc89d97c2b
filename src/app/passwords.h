#pragma once
// People's passwords on their way into the configuration: argon2id hashes, and never as they are.

#include "model/office.h"

namespace app {

// Replaces each password of a person in `office` by its hash. One that fits the hash in `before`
// keeps that, so that a file that is applied again changes nothing. Some 20 ms each.
void hash_passwords(model::Office& office, const model::Office& before);

}  // namespace app
