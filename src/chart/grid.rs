//! Villages × months: the figure in the cell, an empty cell an outlined gap. Grouped by need, never ranked.

use super::{
    Chart, Layout, Touch,
    svg::{Area, Failure, Ink, Mark, draw, name, text, text_width},
};
use plotters::{
    element::Text,
    style::text_anchor::{HPos, VPos},
};

/// The grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// What the chart shows, in words.
    pub label: String,
    /// Above each column: 1月.
    pub columns: Vec<String>,
    /// In the order in which they are to be read.
    pub groups: Vec<Group>,
}

/// Rows with something in common: 未覆盖（3个）; without a title where there is but one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

impl Group {
    fn head(&self) -> i32 {
        if self.title.is_empty() { 0 } else { HEAD }
    }
}

/// One unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub name: String,
    pub touch: Touch,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// One unit in one month.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// The unit was not there then: nothing is drawn.
    #[default]
    Absent,
    /// The month is still to come.
    Ahead(Touch),
    /// Nothing was done.
    Gap(Touch),
    Figure(i64, Touch),
}

/// Half a year at a time, so that a finger finds a cell on a phone.
const AT_ONCE: usize = 6;
const WIDTH: u32 = 320;
/// Room for the names of the rows. The style sheet hides them in the second half where it stands beside the first.
const NAMES: i32 = 104;
const CELL: i32 = 36;
const ROW: i32 = 28;
const HEAD: i32 = 22;

/// Draws it.
pub fn grid(grid: &Grid) -> Chart {
    let top = grid
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .flat_map(|row| &row.cells)
        .map(|cell| if let Cell::Figure(value, _) = cell { *value } else { 0 })
        .max()
        .unwrap_or(0)
        .max(1);
    let rows: i32 = grid
        .groups
        .iter()
        .filter(|group| !group.rows.is_empty())
        .map(|group| group.head() + i32::try_from(group.rows.len()).unwrap_or(0) * ROW)
        .sum();
    let size = (WIDTH, u32::try_from(HEAD + rows + 12).unwrap_or(1));
    let parts = grid.columns.chunks(AT_ONCE).enumerate().map(|(part, columns)| {
        let (first, last) = (columns.first().map_or("", String::as_str), columns.last().map_or("", String::as_str));
        draw("coverage", Layout::Part, size, &format!("{} {first}–{last}", grid.label), |area| {
            let from = part * AT_ONCE;
            paint(area, grid, &Frame { top, from, to: from + columns.len() })
        })
    });
    Chart { drawings: parts.collect() }
}

/// The columns that one part shows, and the highest figure of all.
struct Frame {
    top: i64,
    from: usize,
    to: usize,
}

fn paint(area: &Area, grid: &Grid, frame: &Frame) -> Result<(), Failure> {
    let Frame { top, from, to } = *frame;
    let mut y = 0;
    let left = |n: usize| NAMES + i32::try_from(n).unwrap_or(0) * CELL;
    for (n, column) in grid.columns[from..to].iter().enumerate() {
        let style = text(Ink::Quiet, 11, HPos::Center, VPos::Center);
        area.draw(&Text::new(column.clone(), (left(n) + CELL / 2, y + HEAD / 2), style))?;
    }
    y += HEAD;
    for group in grid.groups.iter().filter(|group| !group.rows.is_empty()) {
        if !group.title.is_empty() {
            let style = text(Ink::Head, 12, HPos::Left, VPos::Center);
            area.draw(&Text::new(group.title.clone(), (0, y + HEAD / 2), style))?;
            y += HEAD;
        }
        for row in &group.rows {
            let corners = [(0, y), (NAMES - 4, y + ROW - 2)];
            area.draw(&Mark::new(corners, "nothing", row.touch.clone()))?;
            name(area, &row.name, y + ROW / 2, f64::from(NAMES) - 8.0)?;
            for (n, cell) in row.cells.iter().skip(from).take(to - from).enumerate() {
                let corners = [(left(n) + 1, y + 1), (left(n) + CELL - 1, y + ROW - 1)];
                let mark = match cell {
                    Cell::Absent => continue,
                    Cell::Ahead(touch) => Mark::new(corners, "cell ahead", touch.clone()),
                    Cell::Gap(touch) => Mark::new(corners, "cell gap", touch.clone()),
                    Cell::Figure(value, touch) => {
                        // Four steps of lightness.
                        let level = (value * 4 + top - 1) / top;
                        let mark = Mark::new(corners, format!("cell l{}", level.clamp(1, 4)), touch.clone());
                        let figure = value.to_string();
                        let size = if text_width(&figure, 12.0) > f64::from(CELL) - 4.0 { 9 } else { 12 };
                        mark.figure(figure, size)
                    }
                };
                area.draw(&mark)?;
            }
            y += ROW;
        }
    }
    Ok(())
}
