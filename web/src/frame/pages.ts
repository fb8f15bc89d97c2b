// Every page that is built: its address, its picture in the rail and who sees it. Each is loaded when
// it is opened first.
import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Session } from '../api/types';
import type { IconName } from '../parts/icon';

type Role = Session['role'];
export type PageKey =
  | 'today' | 'live' | 'groups' | 'calls' | 'simulator' | 'simulation' | 'statistics' | 'people' | 'numbers' | 'trunks' | 'chain'
  | 'hours' | 'queues' | 'menus' | 'sounds' | 'mailboxes' | 'phones' | 'codes' | 'history' | 'system' | 'mine' | 'rules';

export interface PageEntry {
  key: PageKey;
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

const kOffice: readonly Role[] = ['administrator', 'group_manager', 'read_only'];
const kWhole: readonly Role[] = ['administrator', 'read_only'];

/** The rail, in its order. */
export const kPages: readonly PageEntry[] = [
  { key: 'today', path: '/', icon: 'today', roles: kOffice },
  { key: 'live', path: '/live', icon: 'live', roles: kOffice },
  { key: 'groups', path: '/groups', icon: 'groups', roles: kOffice },
  { key: 'calls', path: '/calls', icon: 'calls', roles: kOffice },
  { key: 'statistics', path: '/statistics', icon: 'statistics', roles: kOffice },
  { key: 'simulator', path: '/simulator', icon: 'simulator', roles: kOffice },
  { key: 'simulation', path: '/simulation', icon: 'simulation', roles: kOffice },
  { key: 'queues', path: '/queues', icon: 'queues', roles: kOffice },
  { key: 'people', path: '/people', icon: 'people', roles: kWhole },
  { key: 'phones', path: '/phones', icon: 'phones', roles: kWhole },
  { key: 'numbers', path: '/numbers', icon: 'numbers', roles: kWhole },
  { key: 'trunks', path: '/trunks', icon: 'trunks', roles: kWhole },
  { key: 'chain', path: '/chain', icon: 'chain', roles: kWhole },
  { key: 'hours', path: '/hours', icon: 'hours', roles: kWhole },
  { key: 'menus', path: '/menus', icon: 'menus', roles: kWhole },
  { key: 'sounds', path: '/sounds', icon: 'sounds', roles: kWhole },
  { key: 'mailboxes', path: '/mailboxes', icon: 'mailboxes', roles: kWhole },
  { key: 'codes', path: '/codes', icon: 'codes', roles: kOffice },
  { key: 'history', path: '/history', icon: 'history', roles: ['administrator'] },
  { key: 'system', path: '/system', icon: 'system', roles: kOffice },
  { key: 'mine', path: '/me', icon: 'mine', roles: ['user'] },
  { key: 'rules', path: '/me/rules', icon: 'rules', roles: ['user'] },
];

type Lazy = LazyExoticComponent<ComponentType<{ id?: string }>>;
const page = (load: () => Promise<{ default: ComponentType<{ id?: string }> }>): Lazy => lazy(load);

/** Routes; `:id` reaches the page as a property. */
export const kRoutes: readonly { path: string; roles: readonly Role[]; page: Lazy }[] = [
  { path: '/', roles: kOffice, page: page(() => import('../today/today_page')) },
  { path: '/live', roles: kOffice, page: page(() => import('../live/live_page')) },
  { path: '/groups', roles: kOffice, page: page(() => import('../groups/groups_page')) },
  { path: '/groups/:id', roles: kOffice, page: page(() => import('../groups/group_page')) },
  { path: '/calls', roles: kOffice, page: page(() => import('../calls/calls_page')) },
  { path: '/calls/:id', roles: kOffice, page: page(() => import('../calls/story_page')) },
  { path: '/statistics', roles: kOffice, page: page(() => import('../statistics/statistics_page')) },
  { path: '/simulator', roles: kOffice, page: page(() => import('../simulator/simulator_page')) },
  { path: '/people', roles: kWhole, page: page(() => import('../people/people_page')) },
  { path: '/people/:id', roles: kWhole, page: page(() => import('../people/person_page')) },
  { path: '/simulation', roles: kOffice, page: page(() => import('../simulation/simulation_page')) },
  { path: '/queues', roles: kOffice, page: page(() => import('../queues/queues_page')) },
  { path: '/queues/:id', roles: kOffice, page: page(() => import('../queues/queue_page')) },
  { path: '/menus', roles: kWhole, page: page(() => import('../menus/menus_page')) },
  { path: '/menus/:id', roles: kWhole, page: page(() => import('../menus/menu_page')) },
  { path: '/phones', roles: kWhole, page: page(() => import('../phones/phones_page')) },
  { path: '/numbers', roles: kWhole, page: page(() => import('../numbers/numbers_page')) },
  { path: '/trunks', roles: kWhole, page: page(() => import('../trunks/trunks_page')) },
  { path: '/trunks/:id', roles: kWhole, page: page(() => import('../trunks/trunk_page')) },
  { path: '/chain', roles: kWhole, page: page(() => import('../chain/chain_page')) },
  { path: '/chain/:id', roles: kWhole, page: page(() => import('../chain/row_page')) },
  { path: '/hours', roles: kWhole, page: page(() => import('../hours/hours_page')) },
  { path: '/sounds', roles: kWhole, page: page(() => import('../sounds/sounds_page')) },
  { path: '/mailboxes', roles: kWhole, page: page(() => import('../mailboxes/mailboxes_page')) },
  { path: '/mailboxes/:id', roles: kWhole, page: page(() => import('../mailboxes/mailbox_page')) },
  { path: '/codes', roles: kOffice, page: page(() => import('../codes/codes_page')) },
  { path: '/history', roles: ['administrator'], page: page(() => import('../history/history_page')) },
  { path: '/system', roles: kOffice, page: page(() => import('../system/system_page')) },
  { path: '/me', roles: ['user'], page: page(() => import('../mine/my_page')) },
  { path: '/me/rules', roles: ['user'], page: page(() => import('../mine/my_rules_page')) },
];
