//! Months as columns, each as high as what was done, and stacked by what it was made of; twelve, or twice as many where a
//! plan begins in between.

use super::{
    Boundary, Chart, Layout, Touch,
    svg::{Ink, Mark, draw, text},
    words::{fit, text_width},
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, VPos},
};

/// The columns and what they are stacked of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Months {
    /// What the chart shows, in words.
    pub label: String,
    /// Below each column: 1月.
    pub months: Vec<String>,
    /// How high each column is.
    pub columns: Vec<i64>,
    /// What the columns are made of, from the bottom up; at most [`SERIES`]. Where one activity has several parts, the
    /// parts add up to more than the column: they then share it in proportion.
    pub series: Vec<Series>,
    pub boundary: Option<Boundary>,
}

/// One part of each column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    pub name: String,
    /// One value per month.
    pub values: Vec<(i64, Touch)>,
}

/// How many parts can be told apart by lightness.
pub const SERIES: usize = 6;

/// Draws it.
pub fn months(chart: &Months) -> Chart {
    Layout::both(|layout| one(chart, layout))
}

fn one(chart: &Months, layout: Layout) -> String {
    let (width, height) = if layout == Layout::Wide { (560, 260) } else { (320, 260) };
    let count = chart.months.len().max(1);
    let top = chart.columns.iter().copied().max().unwrap_or(0).max(1);
    let parts =
        |n: usize| chart.series.iter().filter_map(|series| series.values.get(n)).map(|value| value.0).sum::<i64>();
    let names: Vec<(usize, &str)> =
        chart.series.iter().enumerate().map(|(n, series)| (n, series.name.as_str())).collect();
    let lines = legend_lines(&names, f64::from(width));
    draw("months", layout, (width, height), &chart.label, |area| {
        let (legend, plot) = area.split_vertically(i32::try_from(lines.len()).unwrap_or(0) * 20);
        for (line, y) in lines.iter().zip((0..).step_by(20)) {
            for (n, name, x) in line {
                let touch = Touch { title: name.clone(), href: None };
                legend.draw(&Mark::new([(*x, y + 3), (*x + 12, y + 15)], format!("mark s{n}"), touch))?;
                legend.draw(&Text::new(
                    name.clone(),
                    (*x + 17, y + 9),
                    text(Ink::Text, 12, HPos::Left, VPos::Center),
                ))?;
            }
        }
        let mut axes = ChartBuilder::on(&plot)
            .margin_top(if chart.boundary.is_some() { 34 } else { 18 })
            .margin_right(2)
            .set_label_area_size(LabelAreaPosition::Left, left_room(top))
            .set_label_area_size(LabelAreaPosition::Bottom, 22)
            .build_cartesian_2d(0f64..count as f64, 0f64..top as f64)?;
        axes.configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .y_labels(4)
            .y_max_light_lines(1)
            .light_line_style(Ink::Nothing.color())
            .bold_line_style(Ink::Gridline.color())
            .axis_style(Ink::Nothing.color())
            .y_label_formatter(&|value| if value.fract() == 0.0 { format!("{value:.0}") } else { String::new() })
            .label_style(text(Ink::Quiet, 11, HPos::Left, VPos::Top))
            .draw()?;
        for (month, column) in chart.columns.iter().enumerate() {
            let share = *column as f64 / parts(month).max(1) as f64;
            let mut from = 0.0;
            for (n, series) in chart.series.iter().enumerate().take(SERIES) {
                if let Some((value, touch)) = series.values.get(month).filter(|value| value.0 > 0) {
                    let to = from + *value as f64 * share;
                    let corners = [(month as f64 + 0.12, from), (month as f64 + 0.88, to)];
                    axes.plotting_area().draw(&Mark::new(corners, format!("mark s{n}"), touch.clone()))?;
                    from = to;
                }
            }
        }
        let (left, right) = (axes.backend_coord(&(0.0, 0.0)), axes.backend_coord(&(count as f64, 0.0)));
        let column = f64::from(right.0 - left.0) / count as f64;
        if let Some(Boundary { before, left: former, right: latter }) = &chart.boundary {
            let (x, bottom) = axes.backend_coord(&(*before as f64, 0.0));
            let top = i32::try_from(lines.len()).unwrap_or(0) * 20;
            area.draw(&PathElement::new(vec![(x, top + 2), (x, bottom)], Ink::Boundary.color()))?;
            let styled = |h_pos| text(Ink::Quiet, 11, h_pos, VPos::Center);
            let room = |space: i32| f64::from(space - 8).max(0.0);
            area.draw(&Text::new(fit(former, 11.0, room(x - left.0)), (x - 5, top + 8), styled(HPos::Right)))?;
            area.draw(&Text::new(fit(latter, 11.0, room(right.0 - x)), (x + 5, top + 8), styled(HPos::Left)))?;
        }
        let size = if layout == Layout::Wide { 12 } else { 10 };
        for (month, (name, sum)) in chart.months.iter().zip(&chart.columns).enumerate() {
            let (x, y) = axes.backend_coord(&(month as f64 + 0.5, *sum as f64));
            let (_, bottom) = axes.backend_coord(&(month as f64 + 0.5, 0.0));
            // Where columns are narrow, their titles and the table say it.
            if *sum > 0 && text_width(&sum.to_string(), f64::from(size)) <= column + 3.0 {
                let style = text(Ink::Strong, size, HPos::Center, VPos::Bottom);
                area.draw(&Text::new(sum.to_string(), (x, y - 2), style))?;
            }
            // As many months are named as there is room for.
            let every = ((text_width("12月", 11.0) + 5.0) / column).ceil().max(1.0) as usize;
            if month % every == 0 {
                let style = text(Ink::Quiet, 11, HPos::Center, VPos::Top);
                area.draw(&Text::new(name.clone(), (x, bottom + 6), style))?;
            }
        }
        Ok(())
    })
}

/// Room for the figures left of the axis.
fn left_room(top: i64) -> i32 {
    text_width(&top.to_string(), 11.0).ceil() as i32 + 12
}

/// The names in as many lines as they need: index, text, left edge.
fn legend_lines(names: &[(usize, &str)], width: f64) -> Vec<Vec<(usize, String, i32)>> {
    let mut lines: Vec<Vec<(usize, String, i32)>> = vec![Vec::new()];
    let mut x = 0.0;
    for (n, name) in names {
        let name = fit(name, 12.0, width - 20.0);
        let need = 17.0 + text_width(&name, 12.0) + 14.0;
        if x > 0.0 && x + need > width {
            lines.push(Vec::new());
            x = 0.0;
        }
        if let Some(line) = lines.last_mut() {
            line.push((*n, name, x.round() as i32));
        }
        x += need;
    }
    lines
}
