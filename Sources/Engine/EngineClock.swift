package import Model

/// Time as an engine lives in it: the wall clock, or one that runs faster for a demo.
package protocol EngineClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
    /// Real milliseconds until that moment comes; 0 if it has passed.
    func milliseconds(until moment: Timestamp) -> Int32
}
