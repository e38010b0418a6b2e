package import Model

/// Time as an engine lives in it: the store's own time, or one that runs faster for a demo.
package protocol EngineClock: Sendable {
    /// The present moment; it never goes back, and knows no jumps.
    func now() -> Timestamp
    /// What the clock on the wall shows, which somebody may set; only due times are of it.
    func wall() -> Timestamp
    /// Real milliseconds until a moment of ``now()`` comes; 0 if it has passed.
    func milliseconds(until moment: Timestamp) -> Int32
}

extension EngineClock {
    /// The same as ``now()``, for clocks that nobody can set.
    package func wall() -> Timestamp { now() }
}
