//! Villages × months: the figure in the cell, an empty cell an outlined gap. Grouped by need, never ranked.

use super::{
    Chart, Layout, Touch,
    svg::{Area, Failure, Ink, Mark, draw, fit, text, text_width},
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
    Layout::both(|layout| {
        // On a phone half a year at a time, so that a finger finds a cell.
        let (width, names, at_once) = if layout == Layout::Wide { (720, 128, 12) } else { (320, 92, 6) };
        let count = i32::try_from(grid.columns.len()).unwrap_or(0);
        let panels = (count + at_once - 1) / at_once;
        let rows: i32 = grid
            .groups
            .iter()
            .filter(|group| !group.rows.is_empty())
            .map(|group| group.head() + i32::try_from(group.rows.len()).unwrap_or(0) * ROW)
            .sum();
        let panel_height = HEAD + rows + 12;
        let height = u32::try_from((panel_height * panels).max(1)).unwrap_or(1);
        draw("coverage", layout, (width, height), &grid.label, |area| {
            let cell_width = (i32::try_from(width).unwrap_or(0) - names) / at_once.min(count.max(1));
            for panel in 0..panels {
                let from = usize::try_from(panel * at_once).unwrap_or(0);
                let to = (from + usize::try_from(at_once).unwrap_or(0)).min(grid.columns.len());
                let frame = Frame { names, cell_width, top, from, to };
                paint(area, grid, panel * panel_height, &frame)?;
            }
            Ok(())
        })
    })
}

struct Frame {
    names: i32,
    cell_width: i32,
    top: i64,
    from: usize,
    to: usize,
}

fn paint(area: &Area, grid: &Grid, mut y: i32, frame: &Frame) -> Result<(), Failure> {
    let Frame { names, cell_width, top, from, to } = *frame;
    let left = |n: usize| names + i32::try_from(n).unwrap_or(0) * cell_width;
    for (n, column) in grid.columns[from..to].iter().enumerate() {
        let style = text(Ink::Quiet, 11, HPos::Center, VPos::Center);
        area.draw(&Text::new(column.clone(), (left(n) + cell_width / 2, y + HEAD / 2), style))?;
    }
    y += HEAD;
    for group in grid.groups.iter().filter(|group| !group.rows.is_empty()) {
        if !group.title.is_empty() {
            let style = text(Ink::Strong, 12, HPos::Left, VPos::Center);
            area.draw(&Text::new(group.title.clone(), (0, y + HEAD / 2), style))?;
            y += HEAD;
        }
        for row in &group.rows {
            let name = fit(&row.name, 13.0, f64::from(names) - 16.0);
            let corners = [(0, y), (names - 4, y + ROW - 2)];
            area.draw(&Mark::new(corners, "nothing", row.touch.clone()))?;
            let style = text(Ink::Text, 13, HPos::Left, VPos::Center);
            area.draw(&Text::new(name, (0, y + ROW / 2), style))?;
            for (n, cell) in row.cells.iter().skip(from).take(to - from).enumerate() {
                let corners = [(left(n) + 1, y + 1), (left(n) + cell_width - 1, y + ROW - 1)];
                let mark = match cell {
                    Cell::Absent => continue,
                    Cell::Ahead(touch) => Mark::new(corners, "cell ahead", touch.clone()),
                    Cell::Gap(touch) => Mark::new(corners, "cell gap", touch.clone()),
                    Cell::Figure(value, touch) => {
                        // Four steps of lightness.
                        let level = (value * 4 + top - 1) / top;
                        let mark = Mark::new(corners, format!("cell l{}", level.clamp(1, 4)), touch.clone());
                        let figure = value.to_string();
                        let size = if text_width(&figure, 12.0) > f64::from(cell_width) - 4.0 { 9 } else { 12 };
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
