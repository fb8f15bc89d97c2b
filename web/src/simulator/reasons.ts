// The reasons of the simulator: the sentences that the server writes (src/model/routing*.cc) and their
// places for values. What is read here is said in the page's language; anything else stays as it came.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Key of the text, and the sentence; one with more words of its own stands first. */
export const kReasons = [
  ['pictureWhy', 'explain follows a round for {count} steps at most; the call itself goes on'],
  ['noMailboxForward', 'there is no mailbox and no forwarding when busy'],
  ['noStart', 'service number {service} has no Start Number that exists'],
  ['mayNotSuch', 'user {user} may not call external numbers such as {number}'],
  ['strangers', 'callers from outside never reach a trunk'],
  ['codeTwice', 'a feature code follows a feature code'],
  ['untilForward', 'until forwarding when nobody answers'],
  ['beenGroup', 'this call has been in group {group} already'],
  ['beenUser', 'this call has been at user {user} already'],
  ['mayNot', 'user {user} may not call external numbers'],
  ['groupNoWay', 'group {group} has no destination for this'],
  ['asked', 'that was asked for with the call'],
  ['codesOwn', 'feature codes are for own users'],
  ['beenAt', 'this call has been at {place} already'],
  ['hidden', "the caller's number is hidden"],
  ['notBuilt', 'this service is not built yet'],
  ['noTrunk', 'no trunk leads to the number {number}'],
  ['hangsUp', 'the destination is to hang up'],
  ['first', 'it is the first that applies'],
  ['noDestination', 'no destination is configured'],
  ['redial', 'the number dialled last is {number}'],
  ['oneAfter', '{count} numbers, one after another'],
  ['serviceBegins', 'service number {service} begins at {number}'],
  ['allOut', 'every member is logged out'],
  ['configured', 'the configured destination'],
  ['loopOver', 'it is a loop over {count} numbers'],
  ['nothingElse', 'nothing else is configured'],
  ['noPattern', 'no pattern of callers fits'],
  ['flagAway', 'flag {flag} sends the call away'],
  ['chain', 'the chain from {number} is hunted'],
  ['onlyDevices', 'only the devices of {user} ring'],
  ['allRing', 'all devices of user {user} ring'],
  ['pictureEnds', 'the picture ends after {seconds} s'],
  ['callerNoMailbox', 'the caller has no mailbox'],
  ['ownSetting', "the office's own setting"],
  ['codeNow', 'it is a feature code now'],
  ['ofChain', '{number} is a number of a chain'],
  ['isBusy', 'the destination is busy'],
  ['nobodyHas', 'no user has the number {number}'],
  ['unknownCaller', 'the caller is not known'],
  ['notOurs', 'the number {number} is not ours'],
  ['scheduleClosed', 'schedule {schedule} is closed ({why})'],
  ['rulesOff', 'the rules of {user} are off'],
  ['groupNot', 'group {group} is not hunted'],
  ['dialTrunk', 'dial {number} through trunk {trunk}'],
  ['lastCaller', 'the last caller was {number}'],
  ['ruleNot', 'rule {rule} does not apply'],
  ['scheduleOpenWhy', 'schedule {schedule} is open ({why})'],
  ['switchedBy', 'user {user} switched it on'],
  ['noMailbox', 'there is no mailbox {name}'],
  ['groupForwards', 'group {group} forwards to {to}'],
  ['tOff', 'the T is taken off {number}'],
  ['userSilent', 'user {user} does not ring'],
  ['ruleRuns', 'rule {rule} of user {user} runs'],
  ['rightsOf', 'with the rights of {user}'],
  ['answers', 'it answers the call'],
  ['listOfNumbers', 'the list of numbers'],
  ['noNumber', 'there is no number {number}'],
  ['userForwards', 'user {user} forwards to {to}'],
  ['switchedOn', 'it was switched on'],
  ['noGroup', 'there is no group {group}'],
  ['nothingCalled', 'nothing is called {number}'],
  ['numberLeads', 'number {number} leads to {to}'],
  ['scheduleOpen', 'schedule {schedule} is open'],
  ['outside', 'outside the hours'],
  ['userDisabled', 'user {user} is disabled'],
  ['noUser', 'there is no user {user}'],
  ['groupHunted', 'group {group} is hunted'],
  ['mailboxOf', 'mailbox of user {user}'],
  ['callerGets', 'the caller gets {code}'],
  ['startNumber', 'its Start Number'],
  ['ended', 'the hunt ended {end}'],
  ['itIsDisabled', 'it is disabled'],
  ['dnd', 'do-not-disturb'],
  ['code', 'feature code {code}'],
  ['wasSet', 'it was set'],
  ['announce', 'announce {name}'],
  ['then', 'finally: {to}'],
  ['strategy', 'strategy {strategy}'],
  ['holiday', 'holiday: {name}'],
  ['mailbox', 'mailbox {name}'],
  ['disabled', 'disabled'],
  ['forwarding', 'forward.{which}'],
  ['refused', 'refuse {code}'],
  ['queue', 'queue {name}'],
  ['dial', 'dial {number}'],
  ['ivr', 'ivr {name}'],
] as const;
export type ReasonKey = (typeof kReasons)[number][0];

export interface Reason {
  key: ReasonKey;
  values: Record<string, string>;
}

const kPatterns = kReasons.map(([key, sentence]) => {
  const parts = sentence.split(/\{(\w+)\}/);
  const names = parts.filter((_, i) => i % 2 === 1);
  const text = parts.map((part, i) => (i % 2 === 1 ? '(.+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('');
  return { key, names, pattern: new RegExp(`^${text}$`) };
});

/** Which of the sentences it is, and its values. */
export function readReason(text: string): Reason | undefined {
  for (const { key, names, pattern } of kPatterns) {
    const found = pattern.exec(text);
    if (found) return { key, values: Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ''])) };
  }
  return undefined;
}

/** {"mailbox": "general"} as its kind and its name. */
function destinationOf(json: string): [string, string] | undefined {
  try {
    const entry = Object.entries(JSON.parse(json) as Record<string, unknown>)[0];
    return entry && [entry[0], typeof entry[1] === 'string' ? entry[1] : ''];
  } catch {
    return undefined;
  }
}

export function useReason() {
  const { t, i18n } = useTranslation();
  return useCallback(
    (text: string): string => {
      const word = (key: string, otherwise: string) => (i18n.exists(key) ? String(t(key as never)) : otherwise);
      const said = (of: string): string => {
        const reason = readReason(of);
        if (!reason) return word(`why.${of}`, of);
        const values = { ...reason.values };
        if (values['why']) values['why'] = said(values['why']);
        if (values['strategy']) values['strategy'] = word(`strategy.${values['strategy']}`, values['strategy']);
        if (values['end']) values['end'] = word(`outcome.${values['end']}`, values['end']);
        if (values['which']) values['which'] = word(`forward.${values['which']}`, values['which']);
        const to = values['to'] && destinationOf(values['to']);
        if (to) values['to'] = `${word(`destination.${to[0]}`, to[0])} ${to[1]}`.trim();
        return String(t(`reason.${reason.key}`, values as never));
      };
      return said(text);
    },
    [t, i18n],
  );
}
