//! What offices call things in their own ledgers: the head of a column, the name of a measure, a theme, a form of
//! activity. Pure words; what an office adds to its catalogue is known by its own name.

use super::words;
use crate::domain::{
    catalogue::{ActivityType, Catalogue, Theme},
    measure::Measure,
};

crate::keyed! {
    /// What a column of a ledger holds besides the counts of one measure.
    Field {
        Date => "date",
        DateTo => "date_to",
        /// Year, month and day in columns of their own.
        Year => "year",
        Month => "month",
        DayOfMonth => "day",
        Unit => "unit",
        Kind => "type",
        Theme => "theme",
        Campaign => "campaign",
        Place => "place",
        Organiser => "organiser",
        CoOrganisers => "co_organisers",
        Handler => "handler",
        Note => "note",
        /// The long form: what was counted stands in one column, how many in another.
        Item => "item",
        Count => "count",
        /// The counter, 条 or 份, in a column of its own.
        UnitWord => "unit_word",
        /// 序号
        Index => "index",
        Ignore => "ignore",
    }
}

/// Heads that mean a field whatever stands around; the text is [`plain`] and without what stands in brackets.
const HEADS: &[(Field, &str)] = &[
    (Field::Index, "序号 编号 序 号 no no. 顺序号 id #"),
    (
        Field::Date,
        "日期 时间 活动时间 活动日期 开展时间 开展日期 宣传时间 宣传日期 举办时间 举办日期 发放时间 开始日期 开始时间 起始日期 起始时间 \
         起 年月日 实施时间 登记日期 date day from",
    ),
    (Field::DateTo, "结束日期 结束时间 截止日期 截止时间 止 终止日期 至 dateto to enddate"),
    (Field::Year, "年 年份 年度 year"),
    (Field::Month, "月 月份 month"),
    (Field::DayOfMonth, "日"),
    (
        Field::Unit,
        "单位 村 村居 村社 村社区 村名 村名称 村居委会 乡镇 乡镇街道 镇街 活动村 宣传村 受益村 村组 社区 村/社区 村(社区) 村、社区 村居名称 单位名称 活动单位 填报单位 实施单位 所属村 所属单位 \
         所在村 行政村 村级单位 学校 开展单位 登记单位 村社名称 代码 单位代码 区划代码 unit village code",
    ),
    (
        Field::Kind,
        "活动形式 宣传形式 活动类型 普法形式 形式 宣传方式 活动方式 普法方式 方式 活动种类 开展形式 活动类别 type kind",
    ),
    (Field::Item, "项目 类别 统计项目 宣传项目 指标 种类 类型 名称 统计指标 事项 measure item"),
    (Field::Count, "数量 数 数目 次数 份数 数额 完成数 完成数量 发生数 count number value quantity"),
    (Field::UnitWord, "计量单位 单位词 量词"),
    (Field::Theme, "主题 宣传主题 普法主题 活动主题 专题 法律法规 宣传法律 普法内容 theme topic"),
    (Field::Campaign, "专项 专项活动 专项宣传 所属专项 活动名称 campaign"),
    (Field::Place, "地点 活动地点 宣传地点 开展地点 举办地点 发放地点 场所 位置 地址 place venue"),
    (
        Field::Organiser,
        "主办单位 主办 组织单位 承办单位 牵头单位 宣传单位 责任单位 牵头部门 责任部门 organiser organizer",
    ),
    (Field::CoOrganisers, "协办单位 协办 参与单位 参加单位 联合单位 配合单位 参与部门 配合部门 co-organisers"),
    (
        Field::Handler,
        "经办人 经办 承办人 负责人 责任人 记录人 填报人 登记人 联系人 主讲人 宣讲人 主讲 授课人 授课老师 宣传员 工作人员 handler",
    ),
    (
        Field::Note,
        "备注 内容 活动内容 主要内容 宣传内容 简介 活动简介 活动情况 情况 情况说明 说明 具体内容 开展情况 活动概况 宣传对象 对象 note notes remark",
    ),
    (Field::Ignore, "照片 图片 附件 联系电话 电话 手机 佐证 佐证材料 身份证号 签字 签名 盖章"),
];

/// Endings of heads that are none of the above by heart: 讲座地点, 资料发放人.
const ENDINGS: &[(Field, &str)] = &[
    (Field::Ignore, "照片 图片 附件 电话 金额 经费 (元) 元 签字 签名 盖章 计划数 任务数 目标数 完成率 比例"),
    (Field::Note, "内容 情况 简介 说明 备注 标题 对象 概况"),
    (Field::Theme, "主题"),
    (Field::Place, "地点 场所 位置 地址"),
    (Field::Date, "日期 时间"),
    (Field::Handler, "负责人 经办人 主讲人 宣讲人 授课人 发放人 填报人 记录人 责任人"),
    (Field::Organiser, "主办单位 组织单位 责任单位 牵头单位"),
];

/// Heads of columns that name a built-in measure, besides the words of running text.
const MEASURES: &[(&str, &str)] = &[
    ("banner", "悬挂横幅"),
    ("board", "宣传板 图板"),
    ("leaflet", "普法资料 法治资料 资料发放 发放资料 告知书 宣传折页"),
    ("booklet", "普法读物 画册 图书 宣传册 宣传画册"),
    ("village_visit", "走村 进村次数 进社区次数 进村(社区) 巡回宣传 到村宣传"),
    ("household_visit", "户数 走访群众户数 入户户数"),
    ("lecture", "法律讲座 普法讲座 普法宣讲 报告会 村民会议 场次 场数 法治宣讲"),
    ("class_hour", "课时 法治课堂 法治教育课"),
    ("show", "法治电影 节目"),
    ("broadcast", "广播播放 流动喇叭 音柱"),
    ("led", "led播放 led滚动播放 滚动播放"),
    ("vehicle", "宣传车辆 出动宣传车 出动车辆"),
    (
        "consultation",
        "咨询人次 咨询人数 接受咨询 解答咨询 法律咨询人次 接受法律咨询 解答群众咨询 提供咨询 咨询群众 现场咨询",
    ),
    (
        "attendance",
        "参与人次 参加人次 受众人数 受众人次 覆盖人数 覆盖人次 覆盖群众 人数 人次 参会人数 参会人次 参训人数 受益人数 受益群众 惠及群众 教育人数 \
         教育群众 到场人数 听众 受训人数 宣传人数 宣传人次 宣传群众",
    ),
    ("bulletin", "公开栏 法治宣传栏"),
    ("venue", "阵地 法治广场 法治公园 法治长廊"),
    ("post", "微信推送 新媒体 微信信息 短信"),
    ("views", "转发量 观看量 阅读人次"),
    ("study", "中心组"),
    ("exam", "参考人数 普法考试 考试人数"),
    ("vice_principal", "法制副校长"),
];

/// The longest text that is looked at as a name; what is longer is a story.
const LONGEST: usize = 40;

/// A text as it is compared: full-width letters and brackets as the narrow ones, no white space, lower case.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '\u{feff}' && *letter != '\u{200b}')
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '【' | '〔' => '(',
            '】' | '〕' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// A plain head without its brackets, and what stood in the last of them: 宣传资料(份) → 宣传资料, 份.
pub fn without_brackets(head: &str) -> (String, String) {
    let (mut base, mut inside, mut depth) = (String::new(), String::new(), 0_u32);
    for letter in head.chars() {
        match letter {
            '(' => {
                depth += 1;
                inside.clear();
            }
            ')' => depth = depth.saturating_sub(1),
            other if depth == 0 => base.push(other),
            other => inside.push(other),
        }
    }
    (base, inside)
}

/// What the columns of a ledger may be called, under one catalogue.
#[derive(Debug)]
pub struct Names<'a> {
    catalogue: &'a Catalogue,
    /// Each name, plain, with its measure's place in the catalogue.
    measures: Vec<(String, usize)>,
    themes: Vec<(String, usize)>,
    kinds: Vec<(String, usize)>,
}

fn split(words: &str) -> impl Iterator<Item = String> {
    words.split_whitespace().map(plain)
}

/// A name and its parts: 讲座/宣讲/院坝会 is four names.
fn parts(name: &str) -> Vec<String> {
    let whole = plain(name);
    let mut all: Vec<String> =
        whole.split(['/', '、']).filter(|part| part.chars().count() > 1).map(str::to_owned).collect();
    all.push(whole);
    all
}

impl<'a> Names<'a> {
    pub fn new(catalogue: &'a Catalogue) -> Names<'a> {
        let (mut measures, mut themes, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for (place, one) in catalogue.measures.iter().enumerate().filter(|(_, one)| !one.retired) {
            let known = |key: &str| key == one.key && one.unit_id.is_none();
            let heads = MEASURES.iter().filter(|(key, _)| known(key)).flat_map(|(_, words)| split(words));
            let words = words::MEASURES.iter().filter(|(key, _)| known(key)).flat_map(|(_, words)| words.iter());
            let names = heads.chain(words.map(|word| plain(word)));
            let own = parts(&one.name).into_iter().chain(one.name_en.as_deref().map(plain)).chain([plain(&one.key)]);
            measures.extend(names.chain(own).filter(|name| !name.is_empty()).map(|name| (name, place)));
        }
        for (place, one) in catalogue.themes.iter().enumerate().filter(|(_, one)| !one.retired) {
            let known = |key: &str| key == one.key && one.unit_id.is_none();
            let words = words::THEMES.iter().filter(|(key, _)| known(key)).flat_map(|(_, words)| words.iter());
            let names = words.map(|word| plain(word));
            let own = parts(&one.name).into_iter().chain(one.name_en.as_deref().map(plain)).chain([plain(&one.key)]);
            themes.extend(names.chain(own).filter(|name| !name.is_empty()).map(|name| (name, place)));
        }
        for (place, one) in catalogue.types.iter().enumerate().filter(|(_, one)| !one.retired) {
            let own = parts(&one.name).into_iter().chain(one.name_en.as_deref().map(plain)).chain([plain(&one.key)]);
            kinds.extend(own.filter(|name| !name.is_empty()).map(|name| (name, place)));
        }
        // What is counted nowhere (墙体标语) is no other measure's either.
        let nowhere = words::MEASURES.iter().filter(|(key, _)| key.is_empty()).flat_map(|(_, words)| words.iter());
        measures.extend(nowhere.map(|word| (plain(word), usize::MAX)));
        Names { catalogue, measures, themes, kinds }
    }

    pub fn catalogue(&self) -> &'a Catalogue {
        self.catalogue
    }

    /// The measure that a text names, by the longest name in it, of two alike the later one (讲座人次 are 人次); names
    /// of measures that are counted in the unit word, where there is one, go before.
    pub fn measure(&self, text: &str, unit_word: &str) -> Option<&'a Measure> {
        let text = plain(text);
        if text.is_empty() || text.chars().count() > LONGEST {
            return None;
        }
        let unit_word = plain(unit_word);
        let rank = |(name, place): &&(String, usize)| {
            let at = text.rfind(name.as_str())?;
            let measure = self.catalogue.measures.get(*place);
            let fits = !unit_word.is_empty() && measure.is_some_and(|one| plain(&one.unit_word) == unit_word);
            Some((fits, name.chars().count(), at + name.len()))
        };
        let found = self.measures.iter().filter_map(|one| Some((rank(&one)?, one.1)));
        // Of equals the first in the catalogue's order.
        let best = found.max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)))?;
        self.catalogue.measures.get(best.1)
    }

    /// The only measure with this counter: 份 may be leaflets and gifts, 户 are households only.
    pub fn by_unit_word(&self, word: &str) -> Option<&'a Measure> {
        let word = plain(word);
        let mut all = self
            .catalogue
            .active_measures()
            .filter(|one| !one.is_stock && !word.is_empty() && plain(&one.unit_word) == word);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    /// Whether a text is the counter of some measure.
    pub fn is_unit_word(&self, text: &str) -> bool {
        let text = plain(text);
        words::UNIT_WORDS.iter().any(|(_, known)| known.contains(&text.as_str()))
            || self.catalogue.measures.iter().any(|one| plain(&one.unit_word) == text)
    }

    /// The themes that a text names; of names within each other (安全, 国家安全) the longer one only.
    pub fn themes(&self, text: &str) -> Vec<&'a Theme> {
        let text = plain(text);
        if text.is_empty() || text.chars().count() > LONGEST {
            return Vec::new();
        }
        let mut hits: Vec<(usize, usize, usize)> = Vec::new();
        for (name, place) in &self.themes {
            if let Some(at) = text.find(name.as_str()) {
                hits.push((at, at + name.len(), *place));
            }
        }
        if hits.is_empty() && text.chars().count() > 1 {
            // 扫黑 for 扫黑除恶专项斗争, where it can mean nothing else.
            let mut places: Vec<usize> =
                self.themes.iter().filter(|(name, _)| name.contains(&text)).map(|(_, place)| *place).collect();
            places.dedup();
            if let [place] = places[..] {
                hits.push((0, text.len(), place));
            }
        }
        let all = hits.clone();
        hits.retain(|hit| {
            !all.iter().any(|other| other.0 <= hit.0 && other.1 >= hit.1 && other.1 - other.0 > hit.1 - hit.0)
        });
        let mut places: Vec<usize> = hits.into_iter().map(|hit| hit.2).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.catalogue.themes.get(place)).collect()
    }

    /// The activity type that a text names: by the type's own name, or as that of the measure it names.
    pub fn kind(&self, text: &str) -> Option<&'a ActivityType> {
        let text = plain(text);
        if text.is_empty() || text.chars().count() > LONGEST {
            return None;
        }
        let own = self.kinds.iter().filter(|(name, _)| text.contains(name.as_str()));
        if let Some((_, place)) = own.max_by_key(|(name, _)| name.chars().count()) {
            return self.catalogue.types.get(*place);
        }
        let measure = self.measure(&text, "")?;
        self.catalogue.active_types().find(|kind| kind.measures.first() == Some(&measure.id))
    }

    /// The type of an entry that names none: the one whose main measure was counted, one that no other type asks besides
    /// (attendances come with everything), and whose form asks most of the others; in the catalogue's order.
    pub fn kind_of_measures(&self, counted: &[i64]) -> Option<&'a ActivityType> {
        let asked = |kind: &ActivityType| kind.measures.iter().filter(|id| counted.contains(id)).count();
        let mut best: Option<((bool, bool, usize), &ActivityType)> = None;
        for kind in self.catalogue.active_types() {
            let main = kind.measures.first().is_some_and(|id| counted.contains(id));
            let leads = main
                && !self
                    .catalogue
                    .active_types()
                    .any(|other| other.measures.iter().skip(1).any(|id| Some(id) == kind.measures.first()));
            let rank = (main, leads, asked(kind));
            if rank.2 > 0 && best.is_none_or(|(other, _)| rank > other) {
                best = Some((rank, kind));
            }
        }
        best.map(|(_, kind)| kind)
    }
}

/// The field that a head names by heart.
pub fn field(head: &str) -> Option<Field> {
    let (base, _) = without_brackets(head);
    let is = |words: &str, text: &str| !text.is_empty() && split(words).any(|word| word == text);
    HEADS.iter().find(|(_, words)| is(words, head) || is(words, &base)).map(|(field, _)| *field)
}

/// The field that a head's ending tells: 讲座地点 is a place and no count of lectures.
pub fn field_by_ending(head: &str) -> Option<Field> {
    let (base, _) = without_brackets(head);
    let ends = |words: &str| split(words).any(|word| base.ends_with(&word) || head.ends_with(&word));
    ENDINGS.iter().find(|(_, words)| ends(words)).map(|(field, _)| *field)
}
