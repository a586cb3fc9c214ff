//! A line through the years, each with its figure, and where one plan ends and the next begins.

use super::{
    Boundary, Chart, Layout, Touch,
    svg::{Area, Failure, Ink, Mark, draw, text},
    words::{fit, text_width},
};
use plotters::{
    element::{PathElement, Text},
    style::text_anchor::{HPos, VPos},
};

/// The line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Years {
    /// What the chart shows, in words.
    pub label: String,
    pub years: Vec<Year>,
    pub boundary: Option<Boundary>,
}

/// One year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Below it: 2021.
    pub name: String,
    /// `None` where the year has no figure: nothing is drawn, and the line is broken there.
    pub value: Option<i64>,
    /// The figure as it is written: 2,345.
    pub figure: String,
    /// Whether the year still runs: its figure will grow.
    pub runs: bool,
    pub touch: Touch,
}

const HEIGHT: i32 = 220;
/// Above the highest point: its figure, and the names of the plans.
const ABOVE: i32 = 52;
const BELOW: i32 = 28;
/// Half the side of a point.
const POINT: i32 = 4;

/// Draws it.
pub fn years(chart: &Years) -> Chart {
    Layout::both(|layout| {
        let width = if layout == Layout::Wide { 560 } else { 320 };
        draw("years", layout, (width, HEIGHT.unsigned_abs()), &chart.label, |area| {
            paint(area, chart, i32::try_from(width).unwrap_or(1))
        })
    })
}

fn paint(area: &Area, chart: &Years, width: i32) -> Result<(), Failure> {
    let count = i32::try_from(chart.years.len()).unwrap_or(1).max(1);
    let top = chart.years.iter().filter_map(|year| year.value).max().unwrap_or(0).max(1);
    let column = width / count;
    let bottom = HEIGHT - BELOW;
    let x = |n: i32| n * column + column / 2;
    let y = |value: i64| bottom - (value as f64 / top as f64 * f64::from(bottom - ABOVE)).round() as i32;
    area.draw(&PathElement::new(vec![(0, bottom), (width, bottom)], Ink::Gridline.color()))?;
    if let Some(Boundary { before, left, right }) = &chart.boundary {
        let at = i32::try_from(*before).unwrap_or(0) * column;
        area.draw(&PathElement::new(vec![(at, 4), (at, bottom)], Ink::Boundary.color()))?;
        let name = |name: &str, room: i32| fit(name, 12.0, f64::from(room - 8));
        let styled = |h_pos| text(Ink::Quiet, 12, h_pos, VPos::Center);
        if at > 24 {
            area.draw(&Text::new(name(left, at), (at - 6, 10), styled(HPos::Right)))?;
        }
        if width - at > 24 {
            area.draw(&Text::new(name(right, width - at), (at + 6, 10), styled(HPos::Left)))?;
        }
    }
    for stretch in chart.years.iter().zip(0..).collect::<Vec<_>>().split(|(year, _)| year.value.is_none()) {
        let points: Vec<(i32, i32)> = stretch.iter().filter_map(|(year, n)| Some((x(*n), y(year.value?)))).collect();
        if points.len() > 1 {
            area.draw(&PathElement::new(points, Ink::Line.color()))?;
        }
    }
    for (year, n) in chart.years.iter().zip(0..) {
        let (x, y) = (x(n), y(year.value.unwrap_or_default()));
        // The whole column is touched, not the point alone.
        let corners = [(n * column + 1, ABOVE - 24), ((n + 1) * column - 1, HEIGHT - 2)];
        area.draw(&Mark::new(corners, "nothing", year.touch.clone()))?;
        if year.value.is_some() {
            let class = if year.runs { "point runs" } else { "point" };
            let corners = [(x - POINT, y - POINT), (x + POINT, y + POINT)];
            area.draw(&Mark::new(corners, class, year.touch.clone()).aside())?;
        }
        let size = if text_width(&year.figure, 12.0) > f64::from(column) { 10 } else { 12 };
        let style = text(Ink::Strong, size, HPos::Center, VPos::Bottom);
        area.draw(&Text::new(year.figure.clone(), (x, y - POINT - 3), style))?;
        let style = text(Ink::Quiet, 11, HPos::Center, VPos::Top);
        area.draw(&Text::new(year.name.clone(), (x, bottom + 7), style))?;
    }
    Ok(())
}
