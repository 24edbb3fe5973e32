//! What agents already emit, as events: one pure function a format.
