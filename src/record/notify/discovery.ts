/** What Home Assistant is told so that it finds cameras by itself (MQTT discovery). Pure. */

export interface DiscoveryNames {
  /** What every topic begins with. */
  readonly topic: string;
  /** Home Assistant's prefix. */
  readonly discovery: string;
  readonly site: string;
}

export const statusTopic = ({ topic }: Pick<DiscoveryNames, 'topic'>): string => `${topic}/status`;
export const stateTopic = ({ topic }: Pick<DiscoveryNames, 'topic'>, camera: string): string =>
  `${topic}/cameras/${camera}/state`;
/** `camera` is empty for alerts of the site as a whole. */
export const alertTopic = ({ topic }: Pick<DiscoveryNames, 'topic'>, camera: string): string =>
  camera === '' ? `${topic}/alerts` : `${topic}/cameras/${camera}/alerts`;

export interface RetainedMessage {
  readonly topic: string;
  readonly payload: string;
}

/** The entities of a camera: its state, whether viewers get no picture, and its alerts as events. */
export const discoveryOf = (names: DiscoveryNames, camera: string): readonly RetainedMessage[] => {
  const node = `${names.topic.replaceAll(/[^\w-]/g, '_')}_${camera}`;
  const common = {
    availability_topic: statusTopic(names),
    device: { identifiers: [node], name: `${names.site} ${camera}`, manufacturer: 'Veilgate', model: 'Masked camera' },
  };
  const entity = (component: string, name: string, config: object): RetainedMessage => ({
    topic: `${names.discovery}/${component}/${node}/${name}/config`,
    payload: JSON.stringify({ ...config, ...common, unique_id: `${node}_${name}`, object_id: `${node}_${name}` }),
  });
  const state_topic = stateTopic(names, camera);
  return [
    entity('sensor', 'state', {
      name: 'State',
      icon: 'mdi:cctv',
      state_topic,
      value_template: '{{ value_json.state }}',
      json_attributes_topic: state_topic,
    }),
    entity('binary_sensor', 'withheld', {
      name: 'No picture',
      device_class: 'problem',
      state_topic,
      value_template: "{{ 'OFF' if value_json.state == 'masked' else 'ON' }}",
    }),
    entity('event', 'alert', {
      name: 'Alert',
      icon: 'mdi:alert',
      state_topic: alertTopic(names, camera),
      event_types: ['opened', 'step', 'escalated', 'overdue'],
    }),
  ];
};
