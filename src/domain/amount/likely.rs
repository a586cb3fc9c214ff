//! Whether a number is a count at all: telephone numbers, codes and names of villages are none.

use super::{
    Reader,
    words::{CALLING, HOTLINES, SHORT_HOTLINES},
};
use crate::domain::numeral::{Numeral, Shape};

impl Reader<'_> {
    /// 12348, and 110 beside 拨打 or 报警.
    fn is_hotline(&self, place: usize, number: &Numeral) -> bool {
        let around: String =
            self.chars[place.saturating_sub(10)..(number.end + 3).min(self.chars.len())].iter().collect();
        HOTLINES.contains(&number.value)
            || SHORT_HOTLINES.contains(&number.value) && CALLING.iter().any(|word| around.contains(word))
    }

    /// Whether a number with these surroundings is a count: a Chinese one needs its unit word, for 一起, 万一, 八五普法 and
    /// 两河村 hold none.
    pub(super) fn may_count(
        &self,
        place: usize,
        number: &Numeral,
        unit_word: Option<&str>,
        plain: bool,
        previous: Option<char>,
    ) -> bool {
        // 横幅x2 is twice a banner.
        let beside_letter = |letter: Option<char>| {
            letter.is_some_and(|one| one.is_ascii_alphabetic() && !"xX".contains(one) || one == '_')
        };
        match number.shape {
            Shape::Fraction => false,
            Shape::Digits if unit_word.is_some() => true,
            Shape::Digits => {
                let length = self.chars[place..].iter().take_while(|letter| letter.is_ascii_digit()).count();
                let is_padded = length > 1 && self.get(place) == Some('0');
                let is_code = length > 6 || is_padded || self.is_hotline(place, number);
                let beside = beside_letter(previous) || beside_letter(self.get(number.end));
                let in_brackets = matches!(previous, Some('〔' | '[' | '(' | '（'))
                    && matches!(self.get(number.end), Some('〕' | ']' | ')' | '）'));
                (self.is_cell && !is_padded) || !(plain && (is_code || in_brackets)) && !beside
            }
            Shape::Bare => !plain,
            _ if self.is_cell => number.shape != Shape::Row || unit_word.is_some(),
            // 来了六七十: tens need no unit word to be a count, 五六 do.
            Shape::Between => (unit_word.is_some() || number.value >= 20) && previous != Some('十'),
            Shape::Row => unit_word.is_some() && self.chars[place..number.end].iter().any(|one| "〇零○".contains(*one)),
            Shape::Chinese if number.value >= 10 => unit_word.is_some() || !plain,
            Shape::Chinese => match unit_word {
                None => false,
                Some("个") => self.get(number.end + 1).is_some_and(|letter| "村社小点网学单场院".contains(letter)),
                Some("天" | "人" | "家" | "套" | "位" | "批" | "首" | "集" | "部" | "起" | "项")
                    if number.value == 1 =>
                {
                    false
                }
                Some(_) => !(number.value == 1 && previous.is_some_and(|one| "统唯之每同某任又再这那哪".contains(one))),
            },
        }
    }
}
