/** The Regulation (in force since 2012-11-01), the default pack. Wordings are quoted as printed, slips of the print included. */
import type { Pack, Penalty } from '../rule.js';

const law = 'cn-2012';

const ART_37_4: Penalty = {
  article: 37,
  item: 4,
  wording:
    '第三十七条　违反本条例规定，有下列行为之一的，责令限期改正；逾期不改正的，处三千元以上一万元以下罚款：……（四）未经批准擅自在社会公共区域安装安全技术防范产品和系统的。',
};

const ART_38: Penalty = {
  article: 38,
  wording: '第三十八条　违反本条例第十五条规定的，责令拆除，并按照《中华人民共和国治安管理处罚法》的规定予以处罚。',
};

const ART_39: Penalty = {
  article: 39,
  wording:
    '第三十九条　违反本条例第二十四条、第二十五条规定，给予警告，责令限期改正；逾期不改正或者造成损失的，对直接责任人员处一千元以上三千元以下罚款。',
};

const ART_40: Penalty = {
  article: 40,
  wording:
    '第四十条　违反本条例第二十六条第一项、第二项、第三项规定的，责令限期改正；逾期不改正的，处一千元以上三千元以下罚款。违反本条例第二十六条第四项规定并且没有委托运营服务单位的，责令限期改正；逾期不改正的，处三千元以上一万元以下罚款。',
  note: 'printed as Art. 26; by content Art. 22',
};

const ART_42_7: Penalty = {
  article: 42,
  item: 7,
  wording:
    '第四十二条　有关国家机关及其工作人员违反本条例规定，有下列行为之一的，对主管人员和直接责任人员依法给予行政处分；给当事人造成损失的，依法予以赔偿；构成犯罪的，依法追究刑事责任：……（七）安装安全技术防范系统应当设立明显标识而未设立的；',
  onlyFor: ['state-organ'],
};

export const CN_2012: Pack = {
  'prohibited-place': { law, article: 15, penalty: ART_38, severity: 'critical', action: 'withhold' },
  'undressed-person': { law, article: 15, penalty: ART_38, severity: 'critical', action: 'withhold' },
  'audio-offered': { law, article: 15, penalty: ART_38, severity: 'high', action: 'flag' },
  'self-test-failed': { law, article: 4, penalty: null, severity: 'critical', action: 'withhold' },
  'zones-mask-less': { law, article: 24, penalty: ART_39, severity: 'medium', action: 'flag' },
  'safeguards-weakened': { law, article: 24, penalty: ART_39, severity: 'high', action: 'flag' },
  'view-moved': { law, article: 24, penalty: ART_39, severity: 'high', action: 'withhold' },
  'view-covered': { law, article: 24, penalty: ART_39, severity: 'high', action: 'withhold' },
  'view-lost': { law, article: 24, penalty: ART_39, severity: 'high', action: 'withhold' },
  'view-unguarded': { law, article: 24, penalty: ART_39, severity: 'low', action: 'flag' },
  'geometry-changed': { law, article: 24, penalty: ART_39, severity: 'medium', action: 'withhold' },
  'record-damaged': { law, article: 24, penalty: ART_39, severity: 'critical', action: 'flag' },
  'sign-missing': { law, article: 16, penalty: ART_42_7, severity: 'high', action: 'flag' },
  'sign-degraded': { law, article: 16, penalty: ART_42_7, severity: 'medium', action: 'flag' },
  'approval-missing': { law, article: 14, penalty: ART_37_4, severity: 'low', action: 'flag' },
  'source-lost': { law, article: 22, penalty: ART_40, severity: 'medium', action: 'notify' },
  'analysis-stale': { law, article: 22, penalty: ART_40, severity: 'medium', action: 'withhold' },
  'person-entered': { law, article: 21, penalty: null, severity: 'medium', action: 'notify' },
  'person-dwelling': { law, article: 21, penalty: null, severity: 'medium', action: 'notify' },
};
