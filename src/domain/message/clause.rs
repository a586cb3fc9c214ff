//! What the words around a number make of it: planned and not done, a sum over a longer time, each village's or all
//! villages' together.

/// Words of a summary over a longer time.
const SPANS: &[&str] = &[
    "截至",
    "截止",
    "以来",
    "全年",
    "本年度",
    "今年累计",
    "年内",
    "上半年",
    "下半年",
    "本季度",
    "本月共",
    "本周共",
    "本月累计",
    "本周累计",
];

/// Words for days that are still to come.
const LATER: &[&str] = &["下周", "下星期", "下礼拜", "下个月", "下月", "下一步", "明天", "明日", "后天", "明年"];

/// Words that announce what somebody means to do, with what must not stand right before and right behind them.
const MEANT: &[(&str, &str, &str)] = &[
    ("计划", "按照据", "生育性"),
    ("打算", "", ""),
    ("预计", "", ""),
    ("拟", "模虚草", ""),
    ("即将", "", ""),
    ("准备", "", ""),
    ("将", "", ""),
];

/// Of 拟, 准备 and 将 only what goes on with a verb is a plan: 将发放, not 将近200人 or 将资料发到手里.
const DOES: &[&str] = &[
    "于", "在", "继续", "发", "开", "悬挂", "组织", "举", "召开", "进", "播", "张贴", "利用", "集中", "再", "对", "到",
    "挂",
];

/// Words after which something is done again.
const DONE: &[&str] = &["实际", "已", "完成了"];

/// A text with its characters, to look around in.
#[derive(Debug)]
pub struct Clauses<'a> {
    pub chars: &'a [char],
}

impl Clauses<'_> {
    fn is(&self, place: usize, word: &str) -> bool {
        let mut at = place;
        word.chars().all(|letter| {
            at += 1;
            self.chars.get(at - 1) == Some(&letter)
        })
    }

    /// Where the last of the words stands in a range.
    fn last(&self, from: usize, to: usize, words: &[&str]) -> Option<(usize, usize)> {
        (from..to).rev().find_map(|place| {
            let word = words.iter().find(|word| self.is(place, word) && place + word.chars().count() <= to)?;
            Some((place, place + word.chars().count()))
        })
    }

    /// Where the sentence of a place begins.
    pub fn sentence_start(&self, place: usize) -> usize {
        self.chars[..place].iter().rposition(|letter| "。；;！!\n".contains(*letter)).map_or(0, |place| place + 1)
    }

    /// Where the part of a sentence between two commas begins that holds a place.
    pub fn clause_start(&self, place: usize) -> usize {
        self.chars[..place].iter().rposition(|letter| "。；;！!\n，,".contains(*letter)).map_or(0, |place| place + 1)
    }

    pub fn clause_end(&self, place: usize) -> usize {
        let length = self.chars[place..].iter().position(|letter| "。；;！!\n，,".contains(*letter));
        length.map_or(self.chars.len(), |length| place + length)
    }

    /// The word that makes what stands at a place a plan, by its ends.
    pub fn plan(&self, place: usize) -> Option<(usize, usize)> {
        let sentence = self.sentence_start(place);
        let meant = (sentence..place).rev().find_map(|at| self.meant(at));
        let before = meant.into_iter().chain(self.last(sentence, place, LATER)).max();
        let behind = || self.last(place, self.clause_end(place), LATER);
        let found = before.or_else(behind)?;
        // 计划发放500份，实际发放480份
        let is_done = found.1 <= place && self.last(found.1, place, DONE).is_some();
        (!is_done).then_some(found)
    }

    fn meant(&self, at: usize) -> Option<(usize, usize)> {
        let (word, not_before, not_behind) = MEANT.iter().find(|(word, ..)| self.is(at, word))?;
        let end = at + word.chars().count();
        let before = at.checked_sub(1).and_then(|place| self.chars.get(place));
        let behind = self.chars.get(end);
        let is_other = before.is_some_and(|letter| not_before.contains(*letter))
            || behind.is_some_and(|letter| not_behind.contains(*letter));
        let needs_verb = matches!(*word, "拟" | "准备" | "将");
        let goes_on = DOES.iter().any(|verb| self.is(end, verb));
        (!is_other && (!needs_verb || goes_on)).then_some((at, end))
    }

    /// The word that makes a number at a place a sum over a longer time, by its ends: before it in its sentence, or behind
    /// it in the same clause (累计发放3000余份（全年）).
    pub fn span(&self, place: usize) -> Option<(usize, usize)> {
        let before = self.last(self.sentence_start(place), place, SPANS);
        before.or_else(|| self.last(place, self.clause_end(place), SPANS))
    }

    /// The first word of a sum over a longer time.
    pub fn first_span(&self) -> Option<(usize, usize)> {
        (0..self.chars.len()).find_map(|place| {
            let word = SPANS.iter().find(|word| self.is(place, word))?;
            Some((place, place + word.chars().count()))
        })
    }

    /// Whether 各 or 每村 stands before a place in its own clause: the number there is each village's.
    pub fn is_each(&self, place: usize) -> bool {
        let from = self.clause_start(place);
        let said = ["每村", "每个村", "分别", "均悬挂", "均发放", "均开展"];
        // 各村合计500份 is no village's.
        let is_sum = self.last(from, place, &["合计", "共", "总计", "累计"]).is_some();
        let all = self.last(from, place, &["各村", "各社区"]).is_some() && !is_sum;
        let is_word =
            |at: usize| self.chars[at] == '各' && self.chars.get(at + 1).is_none_or(|one| !NO_EACH.contains(*one));
        all || self.last(from, place, &said).is_some() || (from..place).any(is_word)
    }
}

/// What follows 各 where it does not share out figures: 各类, 各级, 各村.
pub const NO_EACH: &str = "类种村级单项社界族位个自组";
