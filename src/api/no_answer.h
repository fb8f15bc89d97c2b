#pragma once
// Said with 503 when a question to the signalling thread stays without an answer.

namespace api {

inline constexpr const char* kNoAnswer = "the signalling thread did not answer in time; try again";

}  // namespace api
