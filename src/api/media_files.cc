// Sounds as files, and the question whether a trunk is there.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/fields.h"
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

namespace {

// What is to be changed, or why nothing may be.
std::variant<model::Sound, Response> sound_to_change(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Sound, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Sound, call.path.at("id"));
  if (auto refused = precondition(call, etag_of(model::revision_of(*thing)),
                                  model::encode_thing(*thing, for_reading())))
    return *std::move(refused);
  return std::get<model::Sound>(*thing);
}

// The file gets a name of its own; what callers hear changes with the next call.
Response keep_audio(const Call& call, model::Sound sound, std::string_view bytes) {
  auto kept = call.backend.keep_sound(sound.id, bytes);
  if (!kept) return problem(kept.error());
  sound.file = *std::move(kept);
  EditOrder order = order_of(call, model::PutThing{sound}, change_of(sound, "changed"));
  order.expected = sound.revision;
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const auto stored = named(*call.backend.snapshot(), model::Kind::Sound, sound.id);
  return thing_response(stored.value_or(model::Thing{sound}), 200, edited->warnings);
}

}  // namespace

Response put_sound_audio(const Call& call) {
  auto found = sound_to_change(call);
  if (auto* refused = std::get_if<Response>(&found)) return std::move(*refused);
  return keep_audio(call, std::get<model::Sound>(std::move(found)), call.request.body);
}

// A draft, until somebody records it: the machine speaks the text.
Response speak_sound(const Call& call) {
  constexpr std::size_t kTextMax = 2'000;
  auto found = sound_to_change(call);
  if (auto* refused = std::get_if<Response>(&found)) return std::move(*refused);
  Fields fields{call.request.body};
  const std::string text = fields.required("text", kTextMax);
  const std::string language =
      fields.text("language").value_or(call.backend.snapshot()->office().language);
  if (language != "en" && language != "pl" && language != "es")
    fields.fault("language", "unknown_word", "language: en, pl or es");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const auto spoken = call.backend.speak(text, language);
  if (!spoken) return problem(spoken.error());
  return keep_audio(call, std::get<model::Sound>(std::move(found)), *spoken);
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
