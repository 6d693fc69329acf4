fn main(){ 
 let t=std::time::Instant::now();
 let c=gongbao::config::Config::load(None).unwrap();
 let e=gongbao::extract::lines(std::path::Path::new(&std::env::args().nth(1).unwrap()),&c.extract).unwrap();
 eprintln!("extract {:?}",t.elapsed());
 let r=gongbao::repair::passages(&e.lines,&c.repair);
 eprintln!("repair {:?}",t.elapsed());
 for p in &r.passages { let f=match &p.form { gongbao::repair::Form::Table(t)=>format!("TABLE {}x{} h{}",t.n_rows,t.n_cols,t.header_rows), f=>format!("{f:?}") };
   println!("{f} [{}] {}", p.spans.iter().map(|s|e.lines[s.line].id.clone()).collect::<Vec<_>>().join(","), if f.starts_with("TABLE"){String::new()} else {r.draft.text(&p.spans)}); }
}
