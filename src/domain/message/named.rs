//! Things that are named without a number: a session that was held counts once, a screen once a day, of others it is said
//! that their figure is missing. All of it is marked, for a person to look at.

use super::{
    Mark, Why,
    clause::Clauses,
    count::{Counted, Text},
};
use crate::domain::{
    day_text,
    measure::{Precision, VALUE_RANGE},
};

/// Measures that somebody did something with, by the words for doing so.
const DONE_WITH: &[(&str, &[&str])] = &[
    ("banner", &["挂", "贴", "拉"]),
    ("board", &["摆", "展出", "设置", "展示"]),
    ("leaflet", &["发放", "发了", "派发", "分发"]),
    ("booklet", &["发放", "发了", "派发", "分发"]),
    ("gift", &["发放", "发了", "派发", "赠送"]),
    ("led", &["播"]),
    ("broadcast", &["播", "利用", "通过"]),
    ("vehicle", &["出动"]),
    ("lecture", HELD),
    ("class_hour", HELD),
    ("show", HELD),
    ("bulletin", &["更换", "更新", "制作"]),
    ("moot_court", HELD),
];

/// Words for holding a session.
const HELD: &[&str] = &["开展", "召开", "举行", "举办", "组织", "联合开", "上了"];

impl Text<'_> {
    /// What was named and got no number. `several` villages may share it.
    pub fn named_alone(&self, said: &[day_text::Found], days: day_text::Days, several: bool, all: &mut Counted) {
        let clauses = Clauses { chars: &self.chars };
        for mention in self.mentions.iter().filter(|mention| !mention.weak) {
            let Some((key, verbs)) = DONE_WITH.iter().find(|(key, _)| *key == mention.key) else { continue };
            let is_counted = all.counts.iter().any(|count| count.measure == *key);
            let (from, to) = (clauses.clause_start(mention.start), clauses.clause_end(mention.end));
            // What is doubtful there is told already.
            let (start, end) = (self.offset + from, self.offset + to);
            let is_told = all.marks.iter().any(|mark| start <= mark.start && mark.end <= end);
            // 宣传册36本 has its number, whatever it was taken for.
            let own = self.offset + mention.end;
            let is_own = |count: &super::Count| (own..(own + 4).min(self.offset + to)).contains(&count.start);
            let has_number = all.counts.iter().any(is_own);
            if is_counted || has_number || is_told || clauses.plan(mention.start).is_some() {
                continue;
            }
            let before = self.between(mention.start.saturating_sub(8).max(from), mention.start);
            let behind = self.between(mention.end, to.min(mention.end + 8));
            let is_done = |words: &str| verbs.iter().any(|verb| words.contains(verb));
            let is_running = *key == "led" && (behind.contains(['播', '滚']) || before.contains('播'));
            if let Some((span, place)) = self.span_of(said, days, mention.start).filter(|_| is_running) {
                let (start, end) = place.unwrap_or((mention.start, mention.end));
                self.put_named(key, span, (start, end), Why::OnceADay, several, all);
                continue;
            }
            let is_played = matches!(*key, "led" | "broadcast") && is_done(&behind);
            if *key == "lecture" && is_done(&before) {
                self.put_named(key, 1, (mention.start, mention.end), Why::Once, several, all);
            } else if is_done(&before) || is_played {
                let (start, end) = (self.offset + mention.start, self.offset + mention.end);
                all.marks.push(Mark { start, end, why: Why::NoCount });
            }
        }
    }

    /// How many days a screen ran, and where that is said: in its own sentence, else for the whole entry.
    fn span_of(
        &self,
        said: &[day_text::Found],
        days: day_text::Days,
        place: usize,
    ) -> Option<(i64, Option<(usize, usize)>)> {
        let clauses = Clauses { chars: &self.chars };
        let sentence = clauses.sentence_start(place);
        let end = self.chars[place..].iter().position(|letter| "。；;！!\n".contains(*letter));
        let end = end.map_or(self.chars.len(), |length| place + length);
        let length = |days: day_text::Days| days.to.map(|to| (to - days.from).num_days() + 1);
        let own = said.iter().filter(|one| sentence <= one.start && one.end <= end);
        let own = own.filter_map(|one| Some((length(one.days)?, Some((one.start, one.end))))).next();
        own.or_else(|| Some((length(days)?, None))).filter(|(span, _)| VALUE_RANGE.contains(span))
    }

    fn put_named(
        &self,
        key: &str,
        value: i64,
        (start, end): (usize, usize),
        why: Why,
        several: bool,
        all: &mut Counted,
    ) {
        let each = several && Clauses { chars: &self.chars }.is_each(start);
        let (start, end) = (self.offset + start, self.offset + end);
        all.marks.push(Mark { start, end, why });
        all.counts.push(super::Count {
            measure: key.into(),
            value,
            precision: Precision::Exact,
            start,
            end,
            doubt: Some(why),
            each,
        });
    }
}
