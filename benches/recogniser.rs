//! Prints the seconds that the recogniser alone takes for the lines of some pages: `recogniser FILE.pdf FIRST LAST THREADS`.

use std::error::Error;
use std::time::{Duration, Instant};

use gongbao::config::Config;
use gongbao::extract::ocr::{Mode, Reader, orientation, page, prepared};
use gongbao::extract::pdf::scan;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, first, last, threads] = arguments.as_slice() else {
        return Err("FILE.pdf FIRST LAST THREADS".into());
    };
    let pdf = scan::open(std::fs::read(path)?.into())?;
    let reader = Reader::new(
        &Config::default().ocr.models,
        Mode::Always,
        threads.parse()?,
    );
    let recogniser = reader.recogniser()?;
    let mut took = Duration::ZERO;
    for number in first.parse()?..=last.parse()? {
        let scan = scan::scan(&pdf, number)?;
        let [upright, ..] = orientation::turns(&scan).order;
        let pictures = page::pictures(&prepared::prepare(&scan, upright));
        let start = Instant::now();
        recogniser.lines(&pictures);
        took += start.elapsed();
    }
    println!("{}", took.as_secs_f64());
    Ok(())
}
