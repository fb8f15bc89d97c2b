// The patterns of mails in each language.

#include <array>
#include <cstddef>
#include <string_view>

#include "notify/wording.h"

namespace notify {
namespace {

// In the order of Letter, then of Language.
using Patterns = std::array<std::array<std::string_view, 3>, 3>;

constexpr Patterns kTexts{{
    {{R"(Missed call for {group} from {caller}

Nobody of {group} answered this call.

From:     {caller}
Dialled:  {dialled}
When:     {day} {time}
Waited:   {waited}
Outcome:  {outcome}
{if crm_account}CRM:      {crm_account}
{end}{if next}Then:     {next}
{end}{if message}Message:  {message}
{end}{if rang}
Who was rung:
{each rang}  {member}: {length}, {result}
{end}{end})",
      R"(Nieodebrane połączenie do {group} od {caller}

Nikt z grupy {group} nie odebrał tego połączenia.

Od:           {caller}
Wybrany:      {dialled}
Kiedy:        {day} {time}
Oczekiwanie:  {waited}
Wynik:        {outcome}
{if crm_account}CRM:          {crm_account}
{end}{if next}Następnie:    {next}
{end}{if message}Wiadomość:    {message}
{end}{if rang}
U kogo dzwoniło:
{each rang}  {member}: {length}, {result}
{end}{end})",
      R"(Llamada perdida para {group} de {caller}

Nadie de {group} contestó esta llamada.

De:        {caller}
Marcado:   {dialled}
Cuándo:    {day} {time}
Espera:    {waited}
Resultado: {outcome}
{if crm_account}CRM:       {crm_account}
{end}{if next}Después:   {next}
{end}{if message}Mensaje:   {message}
{end}{if rang}
A quién se llamó:
{each rang}  {member}: {length}, {result}
{end}{end})"}},
    {{R"(Message from {caller} in mailbox {mailbox}

Mailbox {mailbox} has a new message.

From:   {caller}
When:   {day} {time}
Length: {length}
{if attached}
The message is attached.
{end}{if missing}
It was deleted meanwhile.
{end}{if too_large}
It is too long for a mail; it can be heard by phone.
{end})",
      R"(Wiadomość od {caller} w skrzynce {mailbox}

W skrzynce {mailbox} jest nowa wiadomość.

Od:      {caller}
Kiedy:   {day} {time}
Długość: {length}
{if attached}
Nagranie jest w załączniku.
{end}{if missing}
Zostało tymczasem usunięte.
{end}{if too_large}
Nagranie jest za długie na e-mail; można je odsłuchać przez telefon.
{end})",
      R"(Mensaje de {caller} en el buzón {mailbox}

El buzón {mailbox} tiene un mensaje nuevo.

De:       {caller}
Cuándo:   {day} {time}
Duración: {length}
{if attached}
El mensaje va adjunto.
{end}{if missing}
Se borró entretanto.
{end}{if too_large}
Es demasiado largo para un correo; se puede oír por teléfono.
{end})"}},
    {{R"(Calls of {group} on {day}

{group}, {day}

Calls:          {calls}
Answered:       {answered}
Answered in {limit} s: {in_time}
Not answered:   {missed}
Caller hung up: {gave_up}
{if elsewhere}Taken by others: {elsewhere}
{end}Average wait:   {wait}
Time talked:    {talk}
{if members}
Members:
{each members}  {member}: rung {rung}, answered {answered}, talked {talk}
    missed {missed}, declined {declined}, busy {busy}, not reachable {unreachable}
{end}{end}{if hours}
By hour:
{each hours}  {hour}  {calls} calls, {answered} answered
{end}{end}{if missed_calls}
Not answered:
{each missed_calls}  {time}  {caller}, waited {waited}, {outcome}
{end}{end}{if more}  … {more}
{end}{if cut}
Not all calls of this day are counted: only the first {cut}.
{end})",
      R"(Połączenia grupy {group}, {day}

{group}, {day}

Połączenia:         {calls}
Odebrane:           {answered}
Odebrane w {limit} s:    {in_time}
Nieodebrane:        {missed}
Dzwoniący zrezygnował: {gave_up}
{if elsewhere}Odebrane gdzie indziej: {elsewhere}
{end}Średnie oczekiwanie: {wait}
Czas rozmów:        {talk}
{if members}
Członkowie:
{each members}  {member}: dzwoniło {rung}, odebrane {answered}, rozmowy {talk}
    nieodebrane {missed}, odrzucone {declined}, zajęty {busy}, nieosiągalny {unreachable}
{end}{end}{if hours}
Według godzin:
{each hours}  {hour}  połączenia {calls}, odebrane {answered}
{end}{end}{if missed_calls}
Nieodebrane:
{each missed_calls}  {time}  {caller}, oczekiwanie {waited}, {outcome}
{end}{end}{if more}  … {more}
{end}{if cut}
Policzono tylko pierwsze {cut} połączeń tego dnia.
{end})",
      R"(Llamadas de {group}, {day}

{group}, {day}

Llamadas:        {calls}
Contestadas:     {answered}
Contestadas en {limit} s: {in_time}
No contestadas:  {missed}
Colgó quien llamaba: {gave_up}
{if elsewhere}Contestadas en otro lugar: {elsewhere}
{end}Espera media:    {wait}
Tiempo hablado:  {talk}
{if members}
Miembros:
{each members}  {member}: sonó {rung}, contestó {answered}, habló {talk}
    perdió {missed}, rechazó {declined}, ocupado {busy}, no localizable {unreachable}
{end}{end}{if hours}
Por horas:
{each hours}  {hour}  llamadas {calls}, contestadas {answered}
{end}{end}{if missed_calls}
No contestadas:
{each missed_calls}  {time}  {caller}, esperó {waited}, {outcome}
{end}{end}{if more}  … {more}
{end}{if cut}
No se cuentan todas las llamadas de este día: solo las primeras {cut}.
{end})"}},
}};

constexpr Patterns kPages{{
    {{R"(<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif">
<p>Nobody of <b>{group}</b> answered this call.</p>
<table cellpadding="4">
<tr><td>From</td><td><b>{caller}</b></td></tr>
<tr><td>Dialled</td><td>{dialled}</td></tr>
<tr><td>When</td><td>{day} {time}</td></tr>
<tr><td>Waited</td><td>{waited}</td></tr>
<tr><td>Outcome</td><td>{outcome}</td></tr>
{if crm_account}<tr><td>CRM</td><td>{crm_account}</td></tr>
{end}{if next}<tr><td>Then</td><td>{next}</td></tr>
{end}{if message}<tr><td>Message</td><td>{message}</td></tr>
{end}</table>
{if rang}<p>Who was rung:</p><table cellpadding="4">
{each rang}<tr><td>{member}</td><td>{length}</td><td>{result}</td></tr>
{end}</table>{end}</body></html>
)",
      R"(<!DOCTYPE html><html lang="pl"><body style="font-family:sans-serif">
<p>Nikt z grupy <b>{group}</b> nie odebrał tego połączenia.</p>
<table cellpadding="4">
<tr><td>Od</td><td><b>{caller}</b></td></tr>
<tr><td>Wybrany</td><td>{dialled}</td></tr>
<tr><td>Kiedy</td><td>{day} {time}</td></tr>
<tr><td>Oczekiwanie</td><td>{waited}</td></tr>
<tr><td>Wynik</td><td>{outcome}</td></tr>
{if crm_account}<tr><td>CRM</td><td>{crm_account}</td></tr>
{end}{if next}<tr><td>Następnie</td><td>{next}</td></tr>
{end}{if message}<tr><td>Wiadomość</td><td>{message}</td></tr>
{end}</table>
{if rang}<p>U kogo dzwoniło:</p><table cellpadding="4">
{each rang}<tr><td>{member}</td><td>{length}</td><td>{result}</td></tr>
{end}</table>{end}</body></html>
)",
      R"(<!DOCTYPE html><html lang="es"><body style="font-family:sans-serif">
<p>Nadie de <b>{group}</b> contestó esta llamada.</p>
<table cellpadding="4">
<tr><td>De</td><td><b>{caller}</b></td></tr>
<tr><td>Marcado</td><td>{dialled}</td></tr>
<tr><td>Cuándo</td><td>{day} {time}</td></tr>
<tr><td>Espera</td><td>{waited}</td></tr>
<tr><td>Resultado</td><td>{outcome}</td></tr>
{if crm_account}<tr><td>CRM</td><td>{crm_account}</td></tr>
{end}{if next}<tr><td>Después</td><td>{next}</td></tr>
{end}{if message}<tr><td>Mensaje</td><td>{message}</td></tr>
{end}</table>
{if rang}<p>A quién se llamó:</p><table cellpadding="4">
{each rang}<tr><td>{member}</td><td>{length}</td><td>{result}</td></tr>
{end}</table>{end}</body></html>
)"}},
    {{R"(<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif">
<p>Mailbox <b>{mailbox}</b> has a new message.</p>
<table cellpadding="4">
<tr><td>From</td><td><b>{caller}</b></td></tr>
<tr><td>When</td><td>{day} {time}</td></tr>
<tr><td>Length</td><td>{length}</td></tr>
</table>
{if attached}<p>The message is attached.</p>
{end}{if missing}<p>It was deleted meanwhile.</p>
{end}{if too_large}<p>It is too long for a mail; it can be heard by phone.</p>
{end}</body></html>
)",
      R"(<!DOCTYPE html><html lang="pl"><body style="font-family:sans-serif">
<p>W skrzynce <b>{mailbox}</b> jest nowa wiadomość.</p>
<table cellpadding="4">
<tr><td>Od</td><td><b>{caller}</b></td></tr>
<tr><td>Kiedy</td><td>{day} {time}</td></tr>
<tr><td>Długość</td><td>{length}</td></tr>
</table>
{if attached}<p>Nagranie jest w załączniku.</p>
{end}{if missing}<p>Zostało tymczasem usunięte.</p>
{end}{if too_large}<p>Nagranie jest za długie na e-mail; można je odsłuchać przez telefon.</p>
{end}</body></html>
)",
      R"(<!DOCTYPE html><html lang="es"><body style="font-family:sans-serif">
<p>El buzón <b>{mailbox}</b> tiene un mensaje nuevo.</p>
<table cellpadding="4">
<tr><td>De</td><td><b>{caller}</b></td></tr>
<tr><td>Cuándo</td><td>{day} {time}</td></tr>
<tr><td>Duración</td><td>{length}</td></tr>
</table>
{if attached}<p>El mensaje va adjunto.</p>
{end}{if missing}<p>Se borró entretanto.</p>
{end}{if too_large}<p>Es demasiado largo para un correo; se puede oír por teléfono.</p>
{end}</body></html>
)"}},
    {{R"(<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif">
<p><b>{group}</b>, {day}</p>
<table cellpadding="4">
<tr><td>Calls</td><td><b>{calls}</b></td></tr>
<tr><td>Answered</td><td>{answered}</td></tr>
<tr><td>Answered in {limit} s</td><td>{in_time}</td></tr>
<tr><td>Not answered</td><td>{missed}</td></tr>
<tr><td>Caller hung up</td><td>{gave_up}</td></tr>
{if elsewhere}<tr><td>Taken by others</td><td>{elsewhere}</td></tr>
{end}<tr><td>Average wait</td><td>{wait}</td></tr>
<tr><td>Time talked</td><td>{talk}</td></tr>
</table>
{if members}<table cellpadding="4">
<tr><th align="left">Member</th><th>Rung</th><th>Answered</th>
<th>Missed</th><th>Declined</th><th>Busy</th><th>Not reachable</th><th>Talked</th></tr>
{each members}<tr><td>{member}</td><td>{rung}</td><td>{answered}</td>
<td>{missed}</td><td>{declined}</td><td>{busy}</td><td>{unreachable}</td><td>{talk}</td></tr>
{end}</table>{end}{if hours}<table cellpadding="4">
<tr><th align="left">Hour</th><th>Calls</th><th>Answered</th></tr>
{each hours}<tr><td>{hour}</td><td>{calls}</td><td>{answered}</td></tr>
{end}</table>{end}{if missed_calls}<p>Not answered:</p><table cellpadding="4">
{each missed_calls}<tr><td>{time}</td><td>{caller}</td><td>{waited}</td><td>{outcome}</td></tr>
{end}</table>{end}{if more}<p>… {more}</p>{end}
{if cut}<p>Not all calls of this day are counted: only the first {cut}.</p>{end}
</body></html>
)",
      R"(<!DOCTYPE html><html lang="pl"><body style="font-family:sans-serif">
<p><b>{group}</b>, {day}</p>
<table cellpadding="4">
<tr><td>Połączenia</td><td><b>{calls}</b></td></tr>
<tr><td>Odebrane</td><td>{answered}</td></tr>
<tr><td>Odebrane w {limit} s</td><td>{in_time}</td></tr>
<tr><td>Nieodebrane</td><td>{missed}</td></tr>
<tr><td>Dzwoniący zrezygnował</td><td>{gave_up}</td></tr>
{if elsewhere}<tr><td>Odebrane gdzie indziej</td><td>{elsewhere}</td></tr>
{end}<tr><td>Średnie oczekiwanie</td><td>{wait}</td></tr>
<tr><td>Czas rozmów</td><td>{talk}</td></tr>
</table>
{if members}<table cellpadding="4">
<tr><th align="left">Członek</th><th>Dzwoniło</th><th>Odebrane</th>
<th>Nieodebrane</th><th>Odrzucone</th><th>Zajęty</th><th>Nieosiągalny</th><th>Rozmowy</th></tr>
{each members}<tr><td>{member}</td><td>{rung}</td><td>{answered}</td>
<td>{missed}</td><td>{declined}</td><td>{busy}</td><td>{unreachable}</td><td>{talk}</td></tr>
{end}</table>{end}{if hours}<table cellpadding="4">
<tr><th align="left">Godzina</th><th>Połączenia</th><th>Odebrane</th></tr>
{each hours}<tr><td>{hour}</td><td>{calls}</td><td>{answered}</td></tr>
{end}</table>{end}{if missed_calls}<p>Nieodebrane:</p><table cellpadding="4">
{each missed_calls}<tr><td>{time}</td><td>{caller}</td><td>{waited}</td><td>{outcome}</td></tr>
{end}</table>{end}{if more}<p>… {more}</p>{end}
{if cut}<p>Policzono tylko pierwsze {cut} połączeń tego dnia.</p>{end}
</body></html>
)",
      R"(<!DOCTYPE html><html lang="es"><body style="font-family:sans-serif">
<p><b>{group}</b>, {day}</p>
<table cellpadding="4">
<tr><td>Llamadas</td><td><b>{calls}</b></td></tr>
<tr><td>Contestadas</td><td>{answered}</td></tr>
<tr><td>Contestadas en {limit} s</td><td>{in_time}</td></tr>
<tr><td>No contestadas</td><td>{missed}</td></tr>
<tr><td>Colgó quien llamaba</td><td>{gave_up}</td></tr>
{if elsewhere}<tr><td>Contestadas en otro lugar</td><td>{elsewhere}</td></tr>
{end}<tr><td>Espera media</td><td>{wait}</td></tr>
<tr><td>Tiempo hablado</td><td>{talk}</td></tr>
</table>
{if members}<table cellpadding="4">
<tr><th align="left">Miembro</th><th>Sonó</th><th>Contestó</th>
<th>Perdió</th><th>Rechazó</th><th>Ocupado</th><th>No localizable</th><th>Habló</th></tr>
{each members}<tr><td>{member}</td><td>{rung}</td><td>{answered}</td>
<td>{missed}</td><td>{declined}</td><td>{busy}</td><td>{unreachable}</td><td>{talk}</td></tr>
{end}</table>{end}{if hours}<table cellpadding="4">
<tr><th align="left">Hora</th><th>Llamadas</th><th>Contestadas</th></tr>
{each hours}<tr><td>{hour}</td><td>{calls}</td><td>{answered}</td></tr>
{end}</table>{end}{if missed_calls}<p>No contestadas:</p><table cellpadding="4">
{each missed_calls}<tr><td>{time}</td><td>{caller}</td><td>{waited}</td><td>{outcome}</td></tr>
{end}</table>{end}{if more}<p>… {more}</p>{end}
{if cut}<p>No se cuentan todas las llamadas de este día: solo las primeras {cut}.</p>{end}
</body></html>
)"}},
}};

std::string_view at(const Patterns& patterns, Letter letter, Language language) {
  return patterns.at(static_cast<std::size_t>(letter)).at(static_cast<std::size_t>(language));
}

}  // namespace

std::string_view text_pattern(Letter letter, Language language) {
  return at(kTexts, letter, language);
}

std::string_view html_pattern(Letter letter, Language language) {
  return at(kPages, letter, language);
}

}  // namespace notify
