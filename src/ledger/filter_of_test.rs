//! For tests: filters at random, the same ones in every run.

use crate::{
    activity::{filter_store::Word, store::Filter},
    domain::{
        catalogue::Catalogue,
        measure::Precision,
        period::{Day, Period},
    },
};

/// Random numbers that are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).expect("24 bits") % end
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }
}

pub fn random_filter(dice: &mut Dice, catalogue: &Catalogue) -> Filter {
    const THEMES: [&str; 3] = ["drugs", "safety", "constitution"];
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let mut filter = Filter::default();
    if !dice.one_in(3) {
        let from = day("2020-10-15") + chrono::Duration::days(i64::try_from(dice.below(500)).expect("few"));
        let length = [0, 29, 89, 364][dice.below(4)];
        filter.period = Some(match dice.below(3) {
            0 => Period::year(2021),
            _ => Period { from, to: from + chrono::Duration::days(length) },
        });
    }
    if dice.one_in(4) {
        let theme = catalogue.theme(THEMES[dice.below(3)]).expect("a theme").id;
        filter.theme_ids = match dice.below(3) {
            0 => vec![0],
            1 => vec![theme],
            _ => vec![theme, 0],
        };
    }
    filter.own = dice.one_in(5);
    filter.shared = dice.one_in(8);
    filter.campaign_id = dice.one_in(8).then_some(0);
    filter.late = dice.one_in(8).then(|| dice.one_in(2));
    filter.evidence = dice.one_in(12).then_some(false);
    filter.interactive = dice.one_in(8).then(|| dice.one_in(2));
    filter.precision = dice.one_in(8).then(|| Precision::ALL[dice.below(3)]);
    filter.measure_id = dice.one_in(6).then(|| catalogue.measure("banner").expect("banners").id);
    if dice.one_in(8) {
        filter.type_ids = vec![catalogue.activity_type("banner").expect("a type").id];
    }
    if dice.one_in(8) {
        filter.words = vec![Word::new(["村", "天坪", "横幅", "nobody"][dice.below(4)], catalogue)];
    }
    filter
}
