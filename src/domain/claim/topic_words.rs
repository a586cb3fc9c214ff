//! The words by which a report says at which units and on what its figures are meant.

/// All units again.
pub const WHOLE: &[&str] =
    &["全镇", "全乡", "全区", "全县", "全市", "全街道", "全辖区", "我镇", "我乡", "我街道", "我区", "我县"];

/// What ends the reach of a heading: the sentence tells of everything.
pub const AGAIN: &[&str] = &["全年", "全镇", "全乡", "全区", "全县", "全市", "全街道", "累计", "总计", "合计"];

/// Before who else took part.
pub const WITH: &[&str] = &["联合", "会同", "协同", "携手", "配合", "邀请"];

/// Verbs that end the names of who took part, besides those of publicity.
pub const DOES: &[&str] = &[
    "在",
    "到",
    "深入",
    "走进",
    "赴",
    "对",
    "向",
    "走村",
    "进行",
    "为",
    "利用",
    "通过",
    "结合",
    "宣传",
    "做好",
    "抓好",
    "搞好",
    "组织好",
    "共同",
    "一起",
];

/// 联合 in these names nobody.
pub const NO_PARTNER: &[&str] = &["国", "会", "体", "执法", "检查", "调解", "接访"];

/// A clause without one of these speaks of no publicity.
pub const TOPICAL: &[&str] = &[
    "宣传", "普法", "法治", "法律", "宣讲", "学法", "知识", "主题", "专题", "专项", "教育", "讲座", "培训", "资料",
    "手册", "折页", "横幅", "标语", "展板", "海报", "课", "活动", "咨询", "广播", "播放", "LED", "视频", "推送",
    "发放", "悬挂", "法庭",
];

/// Words with a theme's word in them that name no theme.
pub const NO_THEME: &[&str] = &[
    "安全感",
    "安全隐患",
    "安全检查",
    "安全大检查",
    "安全责任",
    "安全防线",
    "安全稳定",
    "安全意识",
    "信访件",
    "信访接待",
    "信访案",
    "疫情防控期间",
    "疫情期间",
    "化解矛盾纠纷",
    "矛盾纠纷化解",
    "矛盾纠纷排查",
    "土地承包",
    "宪法宣誓",
    "宪法法律",
];

/// 为增强群众安全意识 tells an aim.
pub const AIMS: &[&str] = &["增强", "提升", "提高", "营造", "进一步", "切实", "更好", "保障", "维护", "推动"];

/// What is spoken of besides the built-in themes.
pub const STRANGE: &[&str] = &[
    "知识产权",
    "反洗钱",
    "防灾减灾",
    "反间谍",
    "保密",
    "档案",
    "税法",
    "税收",
    "生物安全",
    "粮食安全",
    "数据安全",
    "个人信息保护",
    "扫黄打非",
    "传销",
    "民族团结",
    "宗教",
    "铁路护路",
    "移风易俗",
    "殡葬",
    "医保",
    "社保",
    "职业病",
    "行政复议",
    "法律援助",
    "公证",
    "营商环境",
    "野生动物",
    "河长制",
    "烟草",
    "统计法",
    "气象",
    "地震",
    "英雄烈士",
    "慈善",
    "有组织犯罪",
];

/// Before a law that was acted by, and not told of.
pub const BY: &[&str] = &["根据", "按照", "依据", "依照", "落实", "遵照", "对照"];

/// Behind a name in quotes that says what something was about.
pub const NAMED: &[&str] = &["专项", "主题", "专题", "系列", "宣传", "活动", "行动"];

/// Names that tell of legal publicity as such.
pub const USUAL: &[&str] = &[
    "法律",
    "法治",
    "法制",
    "普法",
    "谁执法",
    "五普",
    "六普",
    "七五",
    "八五",
    "九五",
    "三下乡",
    "枫桥",
    "集中",
    "各类",
    "系列",
    "日常",
    "大型",
    "线上",
    "多次",
    "一次",
    "次",
    "等",
    "各项",
    "重点",
    "相关",
    "全面",
    "广泛",
    "深入",
];

/// Units that are schools, and who is in them.
pub const SCHOOLS: &[&str] =
    &["中小学校", "中小学", "学校", "校园", "师生", "幼儿园", "在校生", "在校学生", "中小学生", "学生", "各校"];

/// Villages and communities.
pub const VILLAGES: &[&str] =
    &["各村（社区）", "各村(社区)", "各村社区", "各村居", "各村", "各社区", "村（社区）", "村(社区)", "村级", "村组"];

/// People and places of any kind.
pub const OTHERS: &[&str] = &[
    "群众", "居民", "村民", "机关", "企业", "市场", "集市", "赶场", "单位", "乡村", "农村", "社会", "家长", "干部",
    "党员",
];

/// What stands before a unit's name.
pub const BEFORE_NAMES: &str = "，,。；;、：:！!？?\n 　（(“\"在到于赴入进镇对和与及其由是,走村给为";

/// Letters in no unit's name.
pub const NO_NAME_LETTERS: &str =
    "在到于赴入进我镇对和与及各全每本该个驻农乡行政的等了向为以从由共先后次场条份名村社区中、所处余两几";

/// What is no name, though it stands before 村.
pub const NO_NAME: &[&str] = &[
    "示范", "贫困", "重点", "试点", "偏远", "中心", "部分", "有关", "相关", "沿线", "城市", "街道", "平安", "智慧",
    "美丽", "法治", "治",
];

/// Counters of what brings people together: what it was about is what was handed out there too.
pub const EVENTS: &[&str] = &["场", "场次", "次", "期", "堂", "课", "课时", "个"];
