// Sounds as files, and the question whether a trunk is there.
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/thing.h"

namespace api {

Response get_sound_audio(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Sound, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Sound, call.path.at("id"));
  const auto& sound = std::get<model::Sound>(*thing);
  auto audio = call.backend.sound(sound.file);
  if (!audio.has_value())
    return problem(
        404, "the file " + sound.file + " of sound " + sound.name + " is not there; upload it");
  Response response;
  response.type = "audio/wav";
  response.body = *std::move(audio);
  return response;
}

// The file gets a name of its own; what callers hear changes with the next call.
Response put_sound_audio(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Sound, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Sound, call.path.at("id"));
  if (auto refused = precondition(call, etag_of(model::revision_of(*thing)),
                                  model::encode_thing(*thing, for_reading())))
    return *std::move(refused);
  auto sound = std::get<model::Sound>(*thing);
  auto kept = call.backend.keep_sound(sound.id, call.request.body);
  if (!kept) return problem(kept.error());
  sound.file = *std::move(kept);
  EditOrder order = order_of(call, model::PutThing{sound}, change_of(sound, "changed"));
  order.expected = sound.revision;
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const auto stored = named(*call.backend.snapshot(), model::Kind::Sound, sound.id);
  return thing_response(stored.value_or(model::Thing{sound}), 200, edited->warnings);
}

Response test_trunk(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Trunk, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Trunk, call.path.at("id"));
  const TrunkProbe probe = call.backend.test_trunk(std::get<model::Trunk>(*thing));
  base::Node body = base::Node::empty_map();
  body.set("reached", base::Node::boolean(probe.sip_status != 0));
  body.set("text", base::Node::text(probe.text));
  body.set("sip_status", base::Node::number(probe.sip_status));
  body.set("ms", base::Node::number(probe.ms));
  return json(body);
}

}  // namespace api
