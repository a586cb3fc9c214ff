//! The words around a number: what makes it a lower bound or an estimate, what it counts, and what it does not.

use crate::domain::measure::Precision;

/// What a word before or behind a number makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Is(Precision),
    /// 不足200: an upper bound, which is no figure.
    Upper,
}

const AT_LEAST: Claim = Claim::Is(Precision::AtLeast);
const ABOUT: Claim = Claim::Is(Precision::Estimate);

/// Words before a number, the longer ones first; and the characters that, standing before them, make another word.
pub const BEFORE: &[(&str, Claim, &str)] = &[
    ("不少于", AT_LEAST, ""),
    ("不低于", AT_LEAST, ""),
    ("不下于", AT_LEAST, ""),
    ("不超过", Claim::Upper, ""),
    ("差不多", ABOUT, ""),
    ("大约", ABOUT, ""),
    ("大概", ABOUT, ""),
    ("估计", ABOUT, ""),
    ("将近", ABOUT, ""),
    ("接近", ABOUT, ""),
    ("不下", AT_LEAST, ""),
    ("至少", AT_LEAST, ""),
    ("起码", AT_LEAST, ""),
    ("超过", AT_LEAST, ""),
    ("超出", AT_LEAST, ""),
    ("突破", AT_LEAST, ""),
    ("多于", AT_LEAST, ""),
    ("大于", AT_LEAST, ""),
    ("不足", Claim::Upper, ""),
    ("不到", Claim::Upper, ""),
    ("不满", Claim::Upper, ""),
    ("至多", Claim::Upper, ""),
    ("最多", Claim::Upper, ""),
    ("低于", Claim::Upper, "不"),
    ("少于", Claim::Upper, "不"),
    ("小于", Claim::Upper, "不"),
    ("约", ABOUT, "节预签邀公履违相特契制"),
    ("近", ABOUT, "最附就"),
    ("超", AT_LEAST, ""),
    ("逾", AT_LEAST, ""),
    ("≥", AT_LEAST, ""),
    (">", AT_LEAST, ""),
    ("≈", ABOUT, ""),
    ("≤", Claim::Upper, ""),
    ("<", Claim::Upper, ""),
];

/// Words before a bare 百, 千 or 万: 上百, 过千.
pub const BEFORE_BARE: &[(&str, Claim, &str)] = &[("上", AT_LEAST, "以"), ("过", AT_LEAST, "通经")];

/// Words behind the number or its unit word, the longer ones first.
pub const BEHIND: &[(&str, Claim)] = &[
    ("及以上", AT_LEAST),
    ("以上", AT_LEAST),
    ("左右", ABOUT),
    ("上下", ABOUT),
    ("以下", Claim::Upper),
    ("以内", Claim::Upper),
    ("之内", Claim::Upper),
    ("余", AT_LEAST),
];

/// What is counted, the longer words first; behind each the characters that, following it, make another word of it.
pub const COUNTERS: &[(&str, &str)] = &[
    ("平方米", ""),
    ("人(次)", ""),
    ("人（次）", ""),
    ("人/次", ""),
    ("人次", ""),
    ("台次", ""),
    ("辆次", ""),
    ("车次", ""),
    ("场次", ""),
    ("户次", ""),
    ("条次", ""),
    ("期次", ""),
    ("课时", ""),
    ("小时", ""),
    ("分钟", ""),
    ("公里", ""),
    ("条", "例件款约"),
    ("块", ""),
    ("份", ""),
    ("本", "村镇次月周年地人单社级校季"),
    ("次", "日性"),
    ("场", "所"),
    ("户", "外籍口"),
    ("人", "民员才"),
    ("名", "单称"),
    ("个", "月"),
    ("处", "理于置罚"),
    ("期", "间"),
    ("张", ""),
    ("册", ""),
    ("幅", "度"),
    ("副", "主书校"),
    ("面", "对向"),
    ("台", ""),
    ("辆", ""),
    ("篇", ""),
    ("则", ""),
    ("遍", ""),
    ("轮", ""),
    ("趟", ""),
    ("套", ""),
    ("件", ""),
    ("项", "目"),
    ("起", "来草"),
    ("例", "如外"),
    ("位", "于置"),
    ("家", "庭长"),
    ("所", "有以在"),
    ("元", "旦宵"),
    ("天", ""),
    ("节", "日约假"),
    ("堂", ""),
    ("版", ""),
    ("部", "门分署"),
    ("支", "部书持"),
    ("把", ""),
    ("只", ""),
    ("盒", ""),
    ("袋", ""),
    ("盏", ""),
    ("批", ""),
    ("屏", ""),
    ("首", ""),
    ("集", "中体"),
];

/// What makes a number before it a day, a time, a place or a share instead of a count.
pub const NO_COUNT: &[&str] = &[
    "个月", "年", "月", "日", "号", "时", "点", "分", "秒", "级", "班", "组", "社", "队", "栋", "楼", "单元", "室",
    "届", "路", "岁", "周", "度", "%", "‰", "℃", "成",
];

/// Numbers to call, which stand in such texts without being counts.
pub const HOTLINES: &[i64] = &[12309, 12315, 12338, 12345, 12348, 12355, 12368, 12389, 95110, 96110];

/// Numbers to call that may be counts too: they are none beside words of [`CALLING`].
pub const SHORT_HOTLINES: &[i64] = &[110, 119, 120, 122];

pub const CALLING: &[&str] = &["拨打", "拨", "电话", "热线", "报警", "平台", "急救", "火警", "宣传日"];
