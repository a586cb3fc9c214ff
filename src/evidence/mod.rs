//! Evidence (佐证材料): photos, sign-in sheets and documents behind the figures.

pub mod page;
