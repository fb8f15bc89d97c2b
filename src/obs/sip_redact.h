#pragma once
// Takes out of a copy of a SIP message what nobody may read in it. Letters are replaced one for
// one: the message keeps its length and still parses.

#include <string>

#include "obs/log.h"

namespace obs {

// Always: answers to challenges, nonces, keys of SRTP, keys that were pressed (INFO), texts of
// MESSAGE. With `pii` Short or Hidden also people: user parts of URIs, names in quotes, usernames.
void redact(std::string& message, PiiMode pii);

}  // namespace obs
