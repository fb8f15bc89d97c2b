#include "service/prompts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/time.h"
#include "facts/media.h"
#include "service/detail/polish.h"
#include "service/service.h"

namespace service {
namespace {

// One of the two: a recording of Debian's package, or a text of ours to be drafted.
struct Wording {
  std::string_view recorded;
  std::string_view text;
};
constexpr Wording recorded(std::string_view name) {
  return {.recorded = name, .text = {}};
}
constexpr Wording text(std::string_view words) {
  return {.recorded = {}, .text = words};
}

struct Row {
  Prompt prompt;
  std::string_view name;  // of our draft, below harrier/
  Wording en, es, pl;
};

constexpr auto kPrompts = std::to_array<Row>({
    {Prompt::CallFrom, "call-from", recorded("followme/call-from"), recorded("followme/call-from"),
     text("Połączenie od")},
    {Prompt::AnUnknownCaller, "an-unknown-caller", text("an unknown caller"),
     text("un número desconocido"), text("nieznanego numeru")},
    {Prompt::CallFor, "call-for", text("for"), text("para"), text("do")},
    // Short: who called has to be said too, and all within the 15 s of rule 9.
    {Prompt::ConfirmOptions, "confirm-options",
     text("Take it: 1. Mailbox: 2. Decline: 3. Again: hash."),
     text("Aceptar: 1. Buzón: 2. Rechazar: 3. Repetir: almohadilla."),
     text("Odbierz: 1. Poczta: 2. Odrzuć: 3. Powtórz: krzyżyk.")},
    {Prompt::ConfirmOptionsWithoutMailbox, "confirm-options-without-mailbox",
     text("Take it: 1. Decline: 3. Again: hash."),
     text("Aceptar: 1. Rechazar: 3. Repetir: almohadilla."),
     text("Odbierz: 1. Odrzuć: 3. Powtórz: krzyżyk.")},
    {Prompt::TooLate, "too-late", text("This call is no longer there. Goodbye."),
     text("Esta llamada ya no está disponible. Adiós."),
     text("To połączenie jest już nieaktualne. Do usłyszenia.")},

    {Prompt::ThePersonAt, "the-person-at", recorded("vm-theperson"), recorded("vm-theperson"),
     text("Numer wewnętrzny")},
    {Prompt::IsUnavailable, "is-unavailable", recorded("vm-isunavail"), recorded("vm-isunavail"),
     text("jest teraz niedostępny.")},
    {Prompt::NobodyAvailable, "nobody-available", text("Nobody can take your call at the moment."),
     text("Nadie puede atender su llamada en este momento."), text("Nikt nie może teraz odebrać.")},
    {Prompt::LeaveMessage, "leave-message", recorded("vm-intro"), recorded("vm-intro"),
     text("Zostaw wiadomość po sygnale. Na koniec rozłącz się lub naciśnij krzyżyk.")},
    {Prompt::MailboxFull, "mailbox-full", recorded("vm-mailboxfull"), recorded("vm-mailboxfull"),
     text("Skrzynka głosowa jest pełna.")},
    {Prompt::TooShort, "too-short", recorded("vm-tooshort"), recorded("vm-tooshort"),
     text("Wiadomość jest za krótka.")},
    {Prompt::MessageSaved, "message-saved", recorded("vm-msgsaved"), recorded("vm-msgsaved"),
     text("Wiadomość została zapisana.")},
    {Prompt::CannotRecord, "cannot-record", text("Messages cannot be recorded at the moment."),
     text("En este momento no se pueden grabar mensajes."),
     text("Nie można teraz nagrać wiadomości.")},
    {Prompt::Goodbye, "goodbye", recorded("vm-goodbye"), recorded("vm-goodbye"),
     text("Do usłyszenia.")},

    {Prompt::WrongKey, "wrong-key", text("That key is not in use here."),
     text("Esa opción no existe."), text("Nie ma takiej opcji.")},
    {Prompt::NoSuchExtension, "no-such-extension", recorded("pbx-invalid"), recorded("pbx-invalid"),
     text("Nie ma takiego numeru. Spróbuj ponownie.")},

    {Prompt::NotAllowed, "not-allowed", text("You are not allowed to do that."),
     text("No tiene permiso para hacer eso."), text("Nie masz do tego uprawnień.")},
    {Prompt::NotSaved, "not-saved", text("That could not be saved. Please try again later."),
     text("No se ha podido guardar. Inténtelo más tarde."),
     text("Nie udało się tego zapisać. Spróbuj później.")},
    {Prompt::NumberNotUsable, "number-not-usable", text("That number cannot be used here."),
     text("Ese número no se puede usar aquí."), text("Tego numeru nie można tu użyć.")},
    {Prompt::NotInService, "not-in-service", text("This code is not in service."),
     text("Este código no está en servicio."), text("Ten kod nie jest dostępny.")},
    {Prompt::DoNotDisturbOn, "do-not-disturb-on", text("Do not disturb is on."),
     text("No molestar está activado."), text("Nie przeszkadzać: włączone.")},
    {Prompt::DoNotDisturbOff, "do-not-disturb-off", text("Do not disturb is off."),
     text("No molestar está desactivado."), text("Nie przeszkadzać: wyłączone.")},
    {Prompt::ForwardAlwaysTo, "forward-always-to", text("All calls are forwarded to"),
     text("Todas las llamadas se desvían al"), text("Wszystkie połączenia są przekierowane na")},
    {Prompt::ForwardBusyTo, "forward-busy-to", text("When busy, calls are forwarded to"),
     text("Si comunica, las llamadas se desvían al"),
     text("Gdy zajęte, połączenia są przekierowane na")},
    {Prompt::ForwardNoAnswerTo, "forward-no-answer-to",
     text("Without an answer, calls are forwarded to"),
     text("Si no contesta, las llamadas se desvían al"),
     text("Gdy nie odbierasz, połączenia są przekierowane na")},
    {Prompt::ForwardUnreachableTo, "forward-unreachable-to",
     text("When your phone is off, calls are forwarded to"),
     text("Si su teléfono está apagado, las llamadas se desvían al"),
     text("Gdy telefon jest wyłączony, połączenia są przekierowane na")},
    {Prompt::ForwardAlwaysOff, "forward-always-off", text("Forwarding of all calls is off."),
     text("El desvío de todas las llamadas está desactivado."),
     text("Przekierowanie wszystkich połączeń: wyłączone.")},
    {Prompt::ForwardBusyOff, "forward-busy-off", text("Forwarding when busy is off."),
     text("El desvío si comunica está desactivado."),
     text("Przekierowanie gdy zajęte: wyłączone.")},
    {Prompt::ForwardNoAnswerOff, "forward-no-answer-off",
     text("Forwarding without an answer is off."),
     text("El desvío si no contesta está desactivado."),
     text("Przekierowanie gdy nie odbierasz: wyłączone.")},
    {Prompt::ForwardUnreachableOff, "forward-unreachable-off",
     text("Forwarding when your phone is off is switched off."),
     text("El desvío con el teléfono apagado está desactivado."),
     text("Przekierowanie przy wyłączonym telefonie: wyłączone.")},
    {Prompt::LoggedIn, "logged-in", recorded("agent-loginok"), recorded("agent-loginok"),
     text("Zalogowano.")},
    {Prompt::LoggedOut, "logged-out", recorded("agent-loggedoff"), recorded("agent-loggedoff"),
     text("Wylogowano.")},
    {Prompt::NotAMember, "not-a-member", text("You are not a member there."),
     text("Usted no es miembro."), text("Nie należysz do tej grupy.")},
    {Prompt::PauseOn, "pause-on", text("You are paused. Group calls do not reach you."),
     text("Está en pausa. No recibirá llamadas de grupo."),
     text("Przerwa włączona. Połączenia grupowe cię omijają.")},
    {Prompt::PauseOff, "pause-off", text("Your pause is over."), text("Su pausa ha terminado."),
     text("Przerwa zakończona.")},
    {Prompt::RulesOn, "rules-on", text("Your hunting rules are on."),
     text("Sus reglas de búsqueda están activadas."), text("Twoje zasady dzwonienia: włączone.")},
    {Prompt::RulesOff, "rules-off", text("Your hunting rules are off."),
     text("Sus reglas de búsqueda están desactivadas."),
     text("Twoje zasady dzwonienia: wyłączone.")},
    {Prompt::NoRules, "no-rules", text("You have no hunting rules."),
     text("No tiene reglas de búsqueda."), text("Nie masz zasad dzwonienia.")},
    {Prompt::FlagOn, "flag-on", text("The switch is on."), text("El interruptor está activado."),
     text("Przełącznik: włączony.")},
    {Prompt::FlagOff, "flag-off", text("The switch is off."),
     text("El interruptor está desactivado."), text("Przełącznik: wyłączony.")},
    {Prompt::EnterExtension, "enter-extension", text("Enter your extension, then press hash."),
     text("Marque su extensión y pulse almohadilla."),
     text("Podaj swój numer wewnętrzny i naciśnij krzyżyk.")},
    {Prompt::EnterGroup, "enter-group", text("Enter the number of the group, then press hash."),
     text("Marque el número del grupo y pulse almohadilla."),
     text("Podaj numer grupy i naciśnij krzyżyk.")},
    {Prompt::EnterForward, "enter-forward",
     text("Enter the number to which its calls shall go, then press hash; zero stops forwarding."),
     text("Marque el número al que se desviarán sus llamadas y pulse almohadilla; cero termina el "
          "desvío."),
     text("Podaj numer, na który mają trafiać jej połączenia, i naciśnij krzyżyk; zero wyłącza "
          "przekierowanie.")},
    {Prompt::GroupForwardedTo, "group-forwarded-to", text("Calls of the group are forwarded to"),
     text("Las llamadas del grupo se desvían al"), text("Połączenia grupy są przekierowane na")},
    {Prompt::GroupForwardOff, "group-forward-off", text("Forwarding of the group is off."),
     text("El desvío del grupo está desactivado."), text("Przekierowanie grupy: wyłączone.")},
    {Prompt::NothingToRedial, "nothing-to-redial", text("There is no number to redial."),
     text("No hay número al que volver a llamar."), text("Nie ma numeru do ponownego wybrania.")},
    {Prompt::NobodyToCallBack, "nobody-to-call-back", text("Nobody has called you yet."),
     text("Nadie le ha llamado todavía."), text("Nikt jeszcze nie dzwonił.")},
    {Prompt::CallerWasHidden, "caller-was-hidden", text("The last caller did not show a number."),
     text("La última llamada ocultaba su número."), text("Ostatni dzwoniący ukrył swój numer.")},
    {Prompt::NothingToPickUp, "nothing-to-pick-up", text("There is no call to pick up."),
     text("No hay ninguna llamada que capturar."), text("Nie ma połączenia do przejęcia.")},

    {Prompt::KeyForCallBack, "key-for-call-back", text("To be called back, press"),
     text("Para que le devolvamos la llamada, pulse"), text("Aby zamówić oddzwonienie, naciśnij")},
    {Prompt::KeyForMailbox, "key-for-mailbox", text("To leave a message, press"),
     text("Para dejar un mensaje, pulse"), text("Aby zostawić wiadomość, naciśnij")},
    {Prompt::KeyToLeave, "key-to-leave", text("To stop waiting, press"),
     text("Para dejar de esperar, pulse"), text("Aby zrezygnować z czekania, naciśnij")},
    {Prompt::EnterCallBackNumber, "enter-call-back-number",
     text("Enter the number at which we can reach you, then press hash."),
     text("Marque el número donde podemos llamarle y pulse almohadilla."),
     text("Podaj numer, pod który mamy oddzwonić, i naciśnij krzyżyk.")},
    {Prompt::EnterCallBackNumberOrHash, "enter-call-back-number-or-hash",
     text("Enter the number at which we can reach you, then press hash; "
          "or press just hash for the number from which you are calling."),
     text("Marque el número donde podemos llamarle y pulse almohadilla; "
          "o pulse solo almohadilla para el número desde el que llama."),
     text("Podaj numer, pod który mamy oddzwonić, i naciśnij krzyżyk; "
          "sam krzyżyk oznacza numer, z którego dzwonisz.")},
    {Prompt::YouEntered, "you-entered", recorded("you-entered"), text("Usted ha marcado"),
     text("Podany numer to")},
    {Prompt::IsItRight, "is-it-right",
     text("If that is right, press 1; to enter it again, press 2."),
     text("Si es correcto, pulse 1; para marcarlo de nuevo, pulse 2."),
     text("Jeśli się zgadza, naciśnij 1; aby podać go ponownie, naciśnij 2.")},
    {Prompt::WillCallBack, "will-call-back", text("Thank you. We will call you back. Goodbye."),
     text("Gracias. Le devolveremos la llamada. Adiós."),
     text("Dziękujemy. Oddzwonimy. Do usłyszenia.")},
    {Prompt::YouAreNext, "you-are-next", recorded("queue-youarenext"), recorded("queue-youarenext"),
     text("Jesteś następną osobą w kolejce.")},
    {Prompt::YouAreCallerNumber, "you-are-caller-number", recorded("queue-thereare"),
     recorded("queue-thereare"), text("Twoje miejsce w kolejce:")},
    {Prompt::WaitingToSpeak, "waiting-to-speak", recorded("queue-callswaiting"),
     recorded("queue-callswaiting"), text("Prosimy czekać.")},
    {Prompt::ExpectedWait, "expected-wait", recorded("queue-holdtime"), recorded("queue-holdtime"),
     text("Przewidywany czas oczekiwania to")},
    {Prompt::LessThan, "less-than", recorded("queue-less-than"), recorded("queue-less-than"),
     text("mniej niż")},
    {Prompt::OneSecond, "one-second", text("one second"), text("un segundo"),
     text("jedna sekunda")},

    {Prompt::EnterMailbox, "enter-mailbox",
     text("Enter the number of the mailbox, then press hash."),
     text("Marque el número del buzón y pulse almohadilla."),
     text("Podaj numer skrzynki i naciśnij krzyżyk.")},
    {Prompt::EnterPin, "enter-pin", text("Enter your PIN, then press hash."),
     text("Marque su clave y pulse almohadilla."), text("Podaj PIN i naciśnij krzyżyk.")},
    {Prompt::WrongPin, "wrong-pin", recorded("vm-incorrect"), recorded("vm-incorrect"),
     text("Błędny numer lub PIN.")},
    {Prompt::TryLater, "try-later", text("Too many attempts. Please try again later."),
     text("Demasiados intentos. Inténtelo más tarde."), text("Zbyt wiele prób. Spróbuj później.")},
    {Prompt::YouHave, "you-have", recorded("vm-youhave"), recorded("vm-youhave"),
     text("W skrzynce:")},
    {Prompt::YouHaveNo, "you-have-no-messages", text("You have no messages."),
     text("No tiene mensajes."), text("Brak wiadomości.")},
    {Prompt::And, "and", recorded("vm-and"), recorded("vm-and"), text("oraz")},
    {Prompt::NoMoreMessages, "no-more-messages", recorded("vm-nomore"), recorded("vm-nomore"),
     text("Nie ma więcej wiadomości.")},
    {Prompt::NewMessage, "new-message", text("New message."), text("Mensaje nuevo."),
     text("Nowa wiadomość.")},
    {Prompt::SavedMessage, "saved-message", text("Saved message."), text("Mensaje guardado."),
     text("Zachowana wiadomość.")},
    {Prompt::MessageFrom, "message-from", recorded("vm-from-phonenumber"),
     recorded("vm-from-phonenumber"), text("od numeru")},
    {Prompt::MessageLength, "message-length", recorded("vm-duration"), recorded("vm-duration"),
     text("długość")},
    {Prompt::HandledBy, "handled-by", text("Already handled by"), text("Ya atendido por"),
     text("Sprawą zajmuje się już")},
    {Prompt::MainOptions, "main-options",
     text("To hear your messages, press 1; for your greeting, press 0; to finish, press hash."),
     text("Para oír sus mensajes, pulse 1; para su saludo, pulse 0; para terminar, almohadilla."),
     text("Aby odsłuchać wiadomości, naciśnij 1; aby zmienić powitanie, 0; aby zakończyć, "
          "krzyżyk.")},
    {Prompt::MessageOptions, "message-options",
     text("Previous message, 4; again, 5; next, 6; delete, 7; call back, 8; save, 9; "
          "main menu, hash."),
     text("Mensaje anterior, 4; repetir, 5; siguiente, 6; borrar, 7; devolver la llamada, 8; "
          "guardar, 9; menú principal, almohadilla."),
     text("Poprzednia wiadomość, 4; jeszcze raz, 5; następna, 6; usuń, 7; oddzwoń, 8; zachowaj, 9; "
          "menu główne, krzyżyk.")},
    {Prompt::HandledOption, "handled-option", text("To mark it as handled, press 2."),
     text("Para marcarlo como atendido, pulse 2."),
     text("Aby oznaczyć jako załatwioną, naciśnij 2.")},
    {Prompt::MessageDeleted, "message-deleted", recorded("vm-deleted"), recorded("vm-deleted"),
     text("Wiadomość usunięta.")},
    {Prompt::MessageKept, "message-kept", recorded("vm-saved"), recorded("vm-saved"),
     text("Wiadomość zachowana.")},
    {Prompt::MarkedHandled, "marked-handled", text("Marked as handled by you."),
     text("Marcado como atendido por usted."), text("Oznaczono jako załatwioną.")},
    {Prompt::MarkedNotHandled, "marked-not-handled", text("The mark is taken off."),
     text("La marca se ha quitado."), text("Oznaczenie usunięte.")},
    {Prompt::NoNumberToCall, "no-number-to-call", text("There is no number to call back."),
     text("No hay número al que llamar."), text("Nie ma numeru, pod który można oddzwonić.")},
    {Prompt::RecordGreeting, "record-greeting",
     text("Say your greeting after the tone, then press hash."),
     text("Diga su saludo después de la señal y pulse almohadilla."),
     text("Nagraj powitanie po sygnale i naciśnij krzyżyk.")},
    {Prompt::GreetingOptions, "greeting-options",
     text("To record a greeting, press 1; to go back to the default one, press 2; "
          "main menu, hash."),
     text("Para grabar un saludo, pulse 1; para volver al saludo normal, pulse 2; "
          "menú principal, almohadilla."),
     text("Aby nagrać powitanie, naciśnij 1; aby wrócić do standardowego, 2; "
          "menu główne, krzyżyk.")},
    {Prompt::ReviewOptions, "review-options", recorded("vm-review"), recorded("vm-review"),
     text("Aby zatwierdzić nagranie, naciśnij 1; aby je odsłuchać, 2; aby nagrać ponownie, 3.")},
    {Prompt::GreetingSaved, "greeting-saved", text("Your greeting is saved."),
     text("Su saludo se ha guardado."), text("Powitanie zostało zapisane.")},
    {Prompt::GreetingRemoved, "greeting-removed", text("The default greeting is in use again."),
     text("Se usa de nuevo el saludo normal."), text("Przywrócono standardowe powitanie.")},

    {Prompt::EchoTest, "echo-test", recorded("demo-echotest"), recorded("demo-echotest"),
     text("Test echa: usłyszysz wszystko, co powiesz. Aby zakończyć, naciśnij krzyżyk.")},
    {Prompt::EchoOver, "echo-over", recorded("demo-echodone"), recorded("demo-echodone"),
     text("Koniec testu echa.")},
    {Prompt::YourExtensionIs, "your-extension-is", text("Your extension is"),
     text("Su extensión es"), text("Twój numer wewnętrzny to")},
    {Prompt::EnterPromptNumber, "enter-prompt-number",
     text("Enter the number of the recording, then press hash."),
     text("Marque el número de la grabación y pulse almohadilla."),
     text("Podaj numer nagrania i naciśnij krzyżyk.")},
    {Prompt::SayPrompt, "say-prompt", text("Speak after the tone, then press hash."),
     text("Hable después de la señal y pulse almohadilla."),
     text("Mów po sygnale, a na koniec naciśnij krzyżyk.")},
    {Prompt::PromptSaved, "prompt-saved", text("Saved as recording"),
     text("Guardado como grabación"), text("Zapisano jako nagranie")},
});
static_assert(kPrompts.size() == kPromptCount);

constexpr bool in_order() {
  for (std::size_t i = 0; i < kPrompts.size(); ++i)
    if (static_cast<std::size_t>(kPrompts[i].prompt) != i) return false;
  return true;
}
static_assert(in_order(), "one row a prompt, in the order of the enumeration");

const Row& row_of(Prompt prompt) {
  const auto place = static_cast<std::size_t>(prompt);
  ASSERT(place < kPrompts.size());
  return kPrompts[place];
}

const Wording& wording(const Row& row, Language language) {
  switch (language) {
    case Language::En:
      return row.en;
    case Language::Es:
      return row.es;
    case Language::Pl:
      return row.pl;
  }
  return row.en;
}

constexpr auto kLanguages = std::to_array<Language>({Language::En, Language::Es, Language::Pl});

}  // namespace

Language language_from(std::string_view text) {
  if (text == "es") return Language::Es;
  if (text == "pl") return Language::Pl;
  return Language::En;
}

std::string_view prefix(Language language) {
  switch (language) {
    case Language::En:
      return "en/";
    case Language::Es:
      return "es/";
    case Language::Pl:
      return "pl/";
  }
  return "en/";
}

bool has(const Voice& voice, std::string_view name) {
  return voice.recordings == nullptr ||
         std::binary_search(voice.recordings->begin(), voice.recordings->end(), name);
}

facts::Sound sound(std::string name) {
  facts::Sound made;
  made.name = std::move(name);
  return made;
}

facts::Sound tone(facts::Tone tone) {
  facts::Sound made;
  made.tone = tone;
  return made;
}

facts::Sound pause(base::Duration length) {
  facts::Sound made;
  made.silence = length;
  return made;
}

void append(Sounds& to, const Sounds& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string name_of(Language language, Prompt prompt) {
  const Row& row = row_of(prompt);
  const Wording& words = wording(row, language);
  std::string name{prefix(language)};
  if (words.recorded.empty()) return name.append("harrier/").append(row.name);
  return name.append(words.recorded);
}

facts::Sound prompt(const Voice& voice, Prompt prompt) {
  std::string own = name_of(voice.language, prompt);
  return sound(has(voice, own) ? std::move(own) : name_of(Language::En, prompt));
}

std::vector<Draft> drafts() {
  std::vector<Draft> made;
  for (const Row& row : kPrompts) {
    for (const Language language : kLanguages) {
      const Wording& words = wording(row, language);
      if (words.text.empty()) continue;
      made.push_back({language, name_of(language, row.prompt), std::string{words.text}});
    }
  }
  for (const detail::PolishWord& word : detail::polish_words())
    made.push_back({Language::Pl, std::string{prefix(Language::Pl)}.append(word.name),
                    std::string{word.text}});
  return made;
}

}  // namespace service
