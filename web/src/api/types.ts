// The things of the office as the API gives them: the names of office.yaml. In what it gives every
// field is there, so the description's own types (all optional: they serve for writing, too) are
// used only for what is read alone.
import type { components } from './schema';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type SessionItem = Schemas['SessionItem'];
export type SetupState = Schemas['SetupState'];
export type GroupHealth = Schemas['GroupHealth'];
export type MemberHealth = Schemas['MemberHealth'];
export type UserState = Schemas['UserState'];
export type TrunkState = Schemas['TrunkState'];
export type TrunkTest = Schemas['TrunkTest'];
export type Story = Schemas['Story'];
export type Verdict = Schemas['Verdict'];
export type Registration = Schemas['Registration'];
export type SearchHit = Schemas['SearchHit'];
export type Statistics = Schemas['Statistics'];
export type GroupStatistics = Schemas['GroupStatistics'];
export type System = Schemas['System'];
export type Settings = Schemas['Settings'];
export type Me = Schemas['Me'];
export type Now = Schemas['Now'];
export type Changes = Schemas['Changes'];
export type Revision = Schemas['Revision'];
export type RevisionItem = Schemas['RevisionItem'];
export type FeatureCodes = Schemas['FeatureCodes'];
export type Token = Schemas['Token'];
export type Admin = Schemas['Admin'];

export type Destination = Record<string, string | boolean>;
export type Finally = Record<string, unknown>;

export type Strategy =
  | 'ring_all' | 'sequential' | 'random' | 'round_robin' | 'longest_idle' | 'fewest_calls'
  | 'weighted' | 'staggered' | 'rollover' | 'stages' | 'page';

export interface Member {
  ring?: string;
  group?: string;
  after?: number;
  for?: number;
  priority?: number;
  weight?: number;
  confirm?: 'auto' | 'never' | 'always';
  timer_from?: 'dialling' | 'ringing';
  enabled?: boolean;
  logged_in?: boolean;
  paused?: string;
}

export interface Stage {
  ring: Member[];
  for?: number;
}

export interface Thing {
  id: string;
  revision: number;
}

export interface Group extends Thing {
  name: string;
  description: string;
  extensions: string[];
  numbers: string[];
  enabled: boolean;
  strategy: Strategy;
  timeout?: number;
  repeat: number | 'forever';
  members: Member[];
  stages: Stage[];
  prevent_missed_calls: boolean;
  decline: 'member' | 'group';
  skip_busy: boolean;
  follow_forwards: boolean;
  confirm: 'auto' | 'never' | 'always';
  caller_hears: string | { sound: string; answer?: boolean };
  caller_id: { name_prefix: string; external: string };
  ring_melody: string;
  record: 'off' | 'never' | 'on' | 'always';
  pickup: 'members' | 'anyone' | 'nobody';
  crm_account: string;
  action_url: { ring: string; answer: string; missed: string; end?: string };
  flags: { flag: string; to: Destination }[];
  email: { missed: string[]; daily: string[] };
  finally?: Finally;
  health?: GroupHealth;
}

export interface Device {
  id: string;
  username: string;
  password?: string;
  phone: string;
}

export interface Rule {
  name: string;
  enabled: boolean;
  locked: boolean;
  when: string;
  callers: string[];
  mode: 'follow_me' | 'extend_ring';
  music: string;
  stages: Stage[];
  max_hold: number;
  repeat?: number | 'forever';
  confirm?: 'auto' | 'never' | 'always';
  finally?: Finally;
}

export interface Forward {
  always: string;
  busy: string;
  unreachable: string;
  no_answer: { to: string; after: number };
}

export interface User extends Thing {
  extension: string;
  name: string;
  email: string;
  sip: { username: string; password?: string };
  web_password?: string;
  aliases: string[];
  enabled: boolean;
  devices: Device[];
  permissions: { own_rules: boolean; own_chain: boolean; external: boolean };
  paused: string;
  mailbox?: { pin?: string; email: boolean };
  do_not_disturb: boolean;
  forward: Forward;
  rules: Rule[];
  state?: UserState;
}

export interface ChainRow extends Thing {
  sip_number: string;
  next_number: string;
  service_number: string;
  start_number: string;
  for?: number;
}

export interface PublicNumber extends Thing {
  number: string;
  to: Destination;
}

export interface Trunk extends Thing {
  name: string;
  uri: string;
  username: string;
  password?: string;
  register: boolean;
  numbers: string[];
  allow_from: string[];
  channels: number;
  state?: TrunkState;
}

export interface Schedule extends Thing {
  name: string;
  open: string[];
  holidays: string;
  ics: string;
  now?: Schemas['Schedule']['now'];
}

export interface Flag extends Thing {
  name: string;
  code: string;
  schedule: string;
  on?: boolean;
  now?: Schemas['Flag']['now'];
}

export interface Mailbox extends Thing {
  name: string;
  extension: string;
  pin?: string;
  email: string[];
}

export interface Message {
  id: string;
  mailbox: string;
  call: string;
  from: string;
  from_name: string;
  at: string;
  length_ms: number;
  heard: boolean;
  saved: boolean;
  handled_by: string;
  audio: string;
}

// ---- calls ---------------------------------------------------------------------------------

export interface PlannedRing {
  target: string;
  path: string[];
  after_ms: number;
  for_ms: number | null;
  confirm: boolean;
}

export interface PlanStory {
  number: string;
  from: string;
  at: string;
  decisions: { what: string; because: string; setting: string }[];
  plan: {
    stages: { rings: PlannedRing[]; for_ms: number | null }[];
    rounds: number | 'forever';
    repeat_from: number;
    limit_ms: number | null;
    finally: Finally | null;
  };
  skipped: { target: string; why: string }[];
}

export interface Attempt {
  target: string;
  path: string[];
  contacts: { uri: string; sip_status: number; ended_at_ms: number | null }[];
  round: number;
  stage: number;
  planned_at_ms: number;
  planned_for_ms: number | null;
  dialled_at_ms: number | null;
  ringing_at_ms: number | null;
  ended_at_ms: number | null;
  result: string;
  why: string;
}

export interface CallRecord {
  id: string;
  tenant: string;
  started: string;
  answered: string | null;
  ended: string | null;
  from: string;
  from_name: string;
  dialled: string;
  group: string;
  crm_account: string;
  outcome: string;
  answered_by: string;
  wait_ms: number;
  talk_ms: number;
  final_destination: string;
  ended_by: string;
  sip_code: number;
  q850: number;
  sip_call_id: string;
  recording: string;
  attempts: Attempt[];
  plan?: PlanStory;
}

export interface LiveCall extends CallRecord {
  state: Schemas['LiveCall']['state'];
  queue: string;
  legs: { role: string; target: string; state: string; uri: string; sip_call_id: string }[];
}

export interface Page<T> {
  items: T[];
  next: string;
}

export interface Sound extends Thing {
  name: string;
  file: string;
}

export interface Ivr extends Thing {
  name: string;
  extension: string;
  greeting: string;
  timeout: number;
  keys: Record<string, Destination>;
  otherwise?: Destination;
}

export interface Queue extends Thing {
  name: string;
  extension: string;
  strategy: Strategy;
  members: Member[];
  may_log_in: string[];
  minimum_agents: number;
  music: string;
  announce_position: boolean;
  max_wait: number;
  finally?: Finally;
}

export interface TestDifference {
  code: string;
  whose: string;
  expected: string;
  found: string;
  text: string;
}

export interface SavedTest extends Thing {
  name: string;
  number: string;
  from: string;
  at: string;
  phones: string[];
  seed: number;
  expect: { stages?: Stage[]; finally?: Finally; leads_to?: string };
  result?: { passed: boolean; differences: TestDifference[] };
}

export interface SimulatedFigure {
  what: string;
  whose?: string;
  value: number;
  give_or_take?: number;
}

export interface Advice {
  code: string;
  whose: string;
  seconds: number;
  was_seconds: number;
  what: string;
  answered: number;
  give_or_take: number;
  wait_s: number;
  missed_a_call: number;
}

export interface Simulated {
  configurations: { configuration: string; figures: SimulatedFigure[] }[];
  advice?: Advice[];
  tried?: number;
}

export interface Report extends Thing {
  name: string;
  email: string[];
  every: 'day' | 'week' | 'month';
  group: string;
  outcome: string;
  answered_by: string;
  caller: string;
  dialled: string;
}
