//! The words around a report's figures.

/// Words between what is counted and its figure that count nothing themselves; the longer ones first.
pub const FILLERS: &[&str] = &[
    "法律法规知识",
    "法律知识",
    "法律法规",
    "法治知识",
    "普法知识",
    "宣传教育",
    "集中宣传",
    "宣传活动",
    "共计",
    "合计",
    "总计",
    "累计",
    "总共",
    "一共",
    "总数",
    "达到",
    "多达",
    "高达",
    "各类",
    "各种",
    "形式",
    "方式",
    "活动",
    "宣传",
    "普法",
    "法治",
    "法律",
    "知识",
    "内容",
    "信息",
    "节目",
    "音频",
    "次数",
    "人数",
    "数量",
    "播放",
    "循环",
    "滚动",
    "全年",
    "今年",
    "本年",
    "全镇",
    "全县",
    "全区",
    "每年",
    "先后",
    "开展",
    "进行",
    "举办",
    "组织",
    "群众",
    "村民",
    "居民",
    "干部",
    "师生",
    "学生",
    "党员",
    "人员",
    "教育",
    "展示",
    "展出",
    "现场",
    "集中",
    "面向",
    "字幕",
    "电屏幕",
    "屏幕",
    "屏",
    "共",
    "已",
    "达",
    "为",
    "计",
    "各",
    "等",
    "约",
    "了",
    "的",
    "有",
    "到",
];

/// What begins another thing that is done: 悬挂横幅、张贴海报 are two.
pub const VERBS: &[&str] = &[
    "开展", "举办", "组织", "发放", "悬挂", "张贴", "播放", "制作", "摆放", "设置", "出动", "接受", "解答", "推送",
    "发布", "印发", "召开", "受理", "化解", "调解", "排查", "走访", "培训", "设立", "新建", "印制", "派发", "赠送",
    "展出", "滚动", "完成", "实现",
];

/// What names an activity as such.
pub const ACTIVITIES: &[&str] =
    &["活动", "专项宣传", "主题宣传", "集中宣传", "法治宣传教育", "法治宣传", "普法宣传", "宣传教育"];

/// With a counter of events these mean campaigns.
pub const CAMPAIGNS: &[&str] = &["专项宣传", "专项活动", "专项宣传活动", "专项行动活动", "专项普法活动"];

/// Between such a verb and 活动 where all kinds are meant.
pub const ANY_KIND: &[&str] = &["各类", "各种", "各项", "系列", "了", "的"];

/// By which verbs an activity is held.
pub const HOLDS: &[&str] = &["开展", "举办", "组织", "举行", "进行"];

/// One of these makes an activity one of legal publicity, and not another office's.
pub const PUBLICITY: &[&str] = &["宣传", "普法", "法治", "法律", "宪法", "民法典", "宣讲", "学法"];

/// What stands between words for a measure and 活动 without making it another thing.
pub const ACTIVITY_FILLERS: &[&str] = &[
    "法治宣传教育",
    "宣传教育",
    "法治",
    "普法",
    "宣传",
    "主题",
    "集中",
    "教育",
    "系列",
    "开展",
    "组织",
    "举办",
    "的",
    "等",
];

/// Counters of events.
pub const EVENT_WORDS: &[&str] = &["次", "个", "项", "轮", "批"];

/// Before what was shown on a screen or read out: slogans there are no banners.
pub const SHOWN: &[&str] = &["播放", "滚动", "推送", "发布", "刊播", "播出", "显示", "投放"];

/// The measures that show or read out something.
pub const MEDIA: &[&str] = &["led", "broadcast", "post"];

/// A figure behind one of these is no sum.
pub const RATES: &[&str] = &[
    "每村", "每个", "每月", "每周", "每天", "每日", "每季", "每场", "每户", "每人", "每次", "每期", "每所", "每校",
    "平均", "人均", "户均", "村均", "日均", "月均",
];

/// Right before a figure that tells how much more or less there was.
pub const CHANGES: &[&str] = &["增加", "增长", "减少", "下降", "上升", "提高", "同比", "环比", "增幅", "降幅"];

/// Before what is missing yet.
pub const MISSING: &[&str] = &["还差", "尚差", "还缺", "尚缺"];

/// Words of the shares that goals show.
pub const GOAL_SHARES: &[&str] =
    &["覆盖", "知晓", "普及", "受教育", "参与率", "参学", "参考率", "合格率", "满意", "达标", "完成率"];

/// Before a verb: what is not done yet.
pub const PLANS: &[&str] = &["计划", "拟", "将", "力争", "争取", "预计", "准备"];

/// In the heading of a part that tells what is to be done.
pub const NEXT: &[&str] = &["下一步", "下步", "工作计划", "工作打算", "今后", "努力方向", "工作安排"];

/// Set phrases with a number that counts nothing.
pub const SET_PHRASES: &[&str] = &[
    "三位一体",
    "四位一体",
    "五位一体",
    "二十大",
    "十九大",
    "十八大",
    "一户一册",
    "一人一档",
    "一村一",
    "一校一",
    "一把手",
    "一站式",
    "一张网",
    "一条龙",
    "一件事",
    "一件件",
    "一场场",
    "一次次",
    "一本通",
    "一名优秀",
    "三项制度",
    "两个责任",
    "一套人马",
    "百分百",
];

/// Periods of time, which no measure counts.
pub const DURATIONS: &[&str] = &["天", "小时", "分钟"];

/// Words of other offices' work: a unit word alone makes no figure of ours there.
pub const FOREIGN: &[&str] = &[
    "执法", "警力", "检查", "巡查", "巡逻", "调解", "纠纷", "案件", "信访", "隐患", "志愿", "慰问", "救助", "矫正",
    "复议", "处罚", "来访", "来信", "接访",
];

/// Counters of persons.
pub const PERSONS: &[&str] = &["人", "名", "位"];

/// Counters that mean one thing.
pub const SAME: &[&[&str]] = &[PERSONS, &["场", "场次"], &["台次", "辆次", "车次"], &["条", "条次"], &["期", "期次"]];

/// From the year's beginning until the text was written.
pub const SO_FAR: &[&str] = &[
    "截至目前为止",
    "截至目前",
    "截止目前",
    "到目前为止",
    "截至当前",
    "今年以来",
    "本年以来",
    "年初以来",
    "年初至今",
    "今年截至目前",
];

/// The year before the one that is asked for.
pub const FORMER_YEAR: &[&str] = &["去年度", "去年", "上年度", "上一年度", "上一年"];

/// Times of which nobody can tell from when to when.
pub const OPEN_TIMES: &[&str] = &[
    "近一段时间以来",
    "一段时间以来",
    "一段时期以来",
    "近段时间",
    "近一段时间",
    "近期",
    "近日",
    "日前",
    "最近",
    "近年来",
    "近几年来",
    "近几年",
    "多年来",
    "历年来",
    "入冬以来",
    "入春以来",
    "入夏以来",
    "入秋以来",
    "入汛以来",
    "汛期以来",
    "汛期",
    "开学以来",
    "开学后",
    "春节期间",
    "春节前后",
    "元旦期间",
    "国庆期间",
    "中秋期间",
    "五一期间",
    "两节期间",
    "双节期间",
    "节日期间",
    "节假日期间",
    "寒假",
    "暑假",
    "暑期",
    "寒暑假",
    "疫情期间",
    "当月",
    "当季",
    "本季度",
    "本周",
    "上周",
    "一年来",
    "近一年来",
    "近一年",
    "年底",
    "年末",
    "岁末年初",
    "今冬明春",
    "农闲时节",
    "赶场天期间",
];

/// Words that compare with the same time of the year before.
pub const THAN_BEFORE: &[&str] = &[
    "同比",
    "较去年",
    "比去年",
    "较上年",
    "比上年",
    "去年同期",
    "上年同期",
    "较同期",
    "与去年",
    "同去年",
    "较上一年",
    "比上一年",
];

/// Among [`CHANGES`]: more, and less.
pub const MORE: &[&str] = &["增加", "增长", "上升", "提高", "增幅"];
pub const LESS: &[&str] = &["减少", "下降", "降幅"];

/// Units and places, whose number no log counts; and before their number.
pub const UNITS: &[&str] = &[
    "村",
    "社区",
    "行政村",
    "自然村",
    "学校",
    "中小学",
    "单位",
    "部门",
    "小组",
    "网格",
    "乡镇",
    "镇街",
    "街道",
    "点位",
    "集市",
    "家庭",
    "企业",
    "人员密集",
    "院落",
    "重点",
];
pub const UNITS_BEFORE: &[&str] = &["村（社区）", "村(社区)", "行政村", "社区", "村民小组", "辖村"];

/// Unit words of roads, areas and money.
pub const OTHER_WORDS: &[&str] =
    &["公里", "千米", "米", "平方米", "平方公里", "亩", "元", "万元", "亿元", "吨", "公斤", "岁", "倍", "度"];
