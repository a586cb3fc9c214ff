//! Named parts as horizontal bars, in the order given, each with its figure at its end.

use super::{
    Chart, Layout, Touch,
    svg::{Ink, Mark, draw, text},
    words::{name, text_width},
};
use plotters::{
    element::Text,
    style::text_anchor::{HPos, VPos},
};

/// The bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// What the chart shows, in words.
    pub label: String,
    pub parts: Vec<Part>,
}

/// One bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub name: String,
    pub value: i64,
    /// The figure as it is written: 85人次.
    pub figure: String,
    pub touch: Touch,
}

const ROW: i32 = 28;

/// Draws it.
pub fn parts(chart: &Parts) -> Chart {
    let top = chart.parts.iter().map(|part| part.value).max().unwrap_or(0).max(1);
    let figures = chart.parts.iter().map(|part| text_width(&part.figure, 12.0)).fold(0.0, f64::max).ceil() as i32 + 16;
    Layout::both(|layout| {
        let (width, names) = if layout == Layout::Wide { (560, 120) } else { (320, 92) };
        let height = i32::try_from(chart.parts.len()).unwrap_or(0) * ROW;
        let size = (width, u32::try_from(height.max(1)).unwrap_or(1));
        draw("parts", layout, size, &chart.label, |area| {
            let room = f64::from((i32::try_from(width).unwrap_or(0) - names - figures).max(1));
            for (part, y) in chart.parts.iter().zip((0..).step_by(28)) {
                let middle = y + ROW / 2;
                name(area, &part.name, middle, f64::from(names) - 10.0)?;
                let length = (part.value as f64 / top as f64 * room).round() as i32;
                let end = names + length.max(i32::from(part.value > 0));
                let corners = [(names, y + 6), (end, y + ROW - 6)];
                area.draw(&Mark::new(corners, "mark s0", part.touch.clone()))?;
                let style = text(Ink::Strong, 12, HPos::Left, VPos::Center);
                area.draw(&Text::new(part.figure.clone(), (end + 6, middle), style))?;
            }
            Ok(())
        })
    })
}
