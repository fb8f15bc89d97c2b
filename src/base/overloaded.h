#pragma once
// Visits a variant with a set of lambdas, one a case.
namespace base {
template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;  // clang++ before 17 needs the guide
}  // namespace base
