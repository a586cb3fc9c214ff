//! Progress against a target: what was done as a bar, its at-least part lighter and its estimates hatched, the target
//! as a black tick, what is due today as a hairline, and as a thin band where it leads at the pace so far.

use super::{
    Chart, Layout, Touch,
    svg::{Mark, draw},
};

/// One goal's figures, in the measure's unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bullet {
    /// What the chart shows, in words.
    pub label: String,
    pub exact: Bar,
    pub at_least: Bar,
    pub estimate: Bar,
    pub target: Bar,
    /// Where the year should stand today.
    pub due: Option<Bar>,
    /// Between what and what it ends at the pace so far.
    pub forecast: Option<Range>,
}

/// Two places on the scale, and what they say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    pub touch: Touch,
}

/// How far a forecast stretches the scale beyond the target; what lies further is cut at the picture's edge.
const STRETCH: f64 = 1.25;

/// A length or a place on the scale, and what it says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    pub value: f64,
    pub touch: Touch,
}

/// The scale's length; the page stretches it.
const WIDTH: u32 = 400;
const HEIGHT: u32 = 28;

/// Draws it.
pub fn bullet(bullet: &Bullet) -> Chart {
    let drawing = draw("bullet", Layout::Stretched, (WIDTH, HEIGHT), &bullet.label, |area| {
        let done = bullet.exact.value + bullet.at_least.value + bullet.estimate.value;
        let due = bullet.due.as_ref().map_or(0.0, |due| due.value);
        // The target's tick stands inside the picture, also where nothing was done and nothing is asked.
        let there = done.max(bullet.target.value).max(due).max(f64::MIN_POSITIVE);
        let ends = bullet.forecast.as_ref().map_or(0.0, |range| range.high.min(there * STRETCH));
        let scale = there.max(ends) * 1.02;
        let x = |value: f64| (value / scale * f64::from(WIDTH)).round() as i32;
        let track = Touch { title: bullet.label.clone(), href: bullet.exact.touch.href.clone() };
        area.draw(&Mark::new([(0, 8), (x(bullet.target.value), 20)], "track", track).aside())?;
        let mut from = 0.0;
        let bars = [(&bullet.exact, "exact"), (&bullet.at_least, "at-least"), (&bullet.estimate, "estimate")];
        for (bar, kind) in bars {
            if bar.value > 0.0 {
                // The least figure is still seen.
                let end = x(from + bar.value).max(x(from) + 1);
                let mark = Mark::new([(x(from), 8), (end, 20)], format!("mark {kind}"), bar.touch.clone());
                area.draw(&mark.hatched(kind == "estimate").aside())?;
                from += bar.value;
            }
        }
        if let Some(Range { low, high, touch }) = &bullet.forecast {
            let (from, to) = (x(low.min(scale)), x(high.min(scale)));
            // A band of no width is still seen.
            area.draw(&Mark::new([(from, 12), (to.max(from + 2), 16)], "forecast", touch.clone()).aside())?;
        }
        if let Some(due) = &bullet.due {
            area.draw(&Mark::new([(x(due.value), 2), (x(due.value) + 1, 26)], "due", due.touch.clone()).aside())?;
        }
        if bullet.target.value > 0.0 {
            let at = x(bullet.target.value);
            area.draw(&Mark::new([(at - 1, 3), (at + 2, 25)], "target", bullet.target.touch.clone()).aside())?;
        }
        Ok(())
    });
    Chart { drawings: vec![drawing] }
}
