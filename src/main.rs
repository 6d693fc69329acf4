fn main(){ 
 let a:Vec<String>=std::env::args().collect();
 let c=gongbao::config::Config::load(None).unwrap();
 let t=std::time::Instant::now();
 let (o,_)=gongbao::output::read(std::path::Path::new(&a[1]),&c).unwrap();
 eprintln!("{:?}",t.elapsed());
 std::fs::write(&a[2],serde_json::to_string_pretty(&o).unwrap()).unwrap();
}
