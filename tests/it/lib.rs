//! Empty on purpose: the tests stand in `it/`.
