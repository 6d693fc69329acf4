//! find
use super::prepare::Prepared;
pub struct Line { pub bbox: [usize; 4], pub em: f64 }
pub struct Ruling { pub from: (f64, f64), pub to: (f64, f64), pub thickness: f64 }
pub struct Found { pub lines: Vec<Line>, pub rulings: Vec<Ruling> }
pub fn find(_: &Prepared) -> Found { Found { lines: vec![], rulings: vec![] } }
