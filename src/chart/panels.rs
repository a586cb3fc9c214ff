//! Small multiples: a little chart of twelve months for each unit, all on the same scale, in the order given.

use super::{
    Chart, Layout, Touch,
    svg::{Ink, Mark, Stack, draw, text},
    words::{fit, text_width},
};
use plotters::{
    element::{PathElement, Text},
    style::text_anchor::{HPos, VPos},
};

/// One unit's months.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    pub name: String,
    /// The whole as it is written: 1,203人次.
    pub figure: String,
    /// What it says and where it leads as a whole.
    pub touch: Touch,
    pub months: Vec<Column>,
}

/// One month: what is certain from the bottom up, then "at least", then estimates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub exact: i64,
    pub at_least: i64,
    pub estimate: i64,
    pub touch: Touch,
}

impl Column {
    fn whole(&self) -> i64 {
        self.exact + self.at_least + self.estimate
    }
}

const WIDTH: i32 = 156;
const HEIGHT: i32 = 76;
/// Where the columns begin, below the name.
const TOP: i32 = 22;
const BOTTOM: i32 = 72;

/// Draws them.
pub fn panels(panels: &[Panel]) -> Chart {
    let top = panels.iter().flat_map(|panel| &panel.months).map(Column::whole).max().unwrap_or(0).max(1);
    Chart { drawings: panels.iter().map(|panel| one(panel, top)).collect() }
}

fn one(panel: &Panel, top: i64) -> String {
    let size = (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs());
    draw("months-of-one", Layout::Panel, size, &panel.touch.title, |area| {
        area.draw(&Mark::new([(0, 0), (WIDTH, TOP - 4)], "nothing", panel.touch.clone()))?;
        let room = f64::from(WIDTH) - text_width(&panel.figure, 11.0) - 6.0;
        let size = if text_width(&panel.name, 12.0) > room { 10 } else { 12 };
        let name = fit(&panel.name, f64::from(size), room);
        area.draw(&Text::new(name, (0, 9), text(Ink::Text, size, HPos::Left, VPos::Center)))?;
        let style = text(Ink::Quiet, 11, HPos::Right, VPos::Center);
        area.draw(&Text::new(panel.figure.clone(), (WIDTH, 9), style))?;
        area.draw(&PathElement::new(vec![(0, BOTTOM), (WIDTH, BOTTOM)], Ink::Gridline.color()))?;
        let column = WIDTH / i32::try_from(panel.months.len()).unwrap_or(1).max(1);
        let height = |value: i64| (value as f64 / top as f64 * f64::from(BOTTOM - TOP)).round() as i32;
        for (month, n) in panel.months.iter().zip(0..).filter(|(month, _)| month.whole() > 0) {
            let (left, right) = (n * column + 1, (n + 1) * column - 1);
            let mut from = BOTTOM;
            let mut sum = 0;
            let mut parts = Vec::new();
            for (value, class) in
                [(month.exact, "mark exact"), (month.at_least, "mark at-least"), (month.estimate, "mark estimate")]
            {
                sum += value;
                // The least figure is still seen.
                let to = (BOTTOM - height(sum)).min(from - i32::from(value > 0));
                if value > 0 {
                    parts.push(([(left, to), (right, from)], class, class == "mark estimate"));
                    from = to;
                }
            }
            area.draw(&Stack { parts, touch: month.touch.clone() })?;
        }
        Ok(())
    })
}
