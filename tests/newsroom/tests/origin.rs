//! The newsroom as its clients see it.

#[cfg(test)]
mod origin {
    mod client;
    mod feeds;
    mod hostile;
    mod http;
    mod pages;
    mod publishing;
    mod seeds;
}
