import Foundation
import Testing

/// A moment by which something must have happened, on the clock that never jumps.
struct Deadline {
    private let end: ContinuousClock.Instant

    /// A deadline that many seconds from now.
    init(seconds: Double) { end = .now + .seconds(seconds) }

    /// Whether it has passed.
    var isOver: Bool { ContinuousClock.now >= end }

    /// What is left of it, at least nothing.
    var milliseconds: Int32 { Int32(clamping: Int64((end - .now) / .milliseconds(1))).clamped }

    /// Lets other processes work for a moment, where there is no event to wait for.
    func pause() { poll(nil, 0, min(15, milliseconds)) }
}

extension Int32 {
    fileprivate var clamped: Int32 { self < 0 ? 0 : self }
}

/// Looks again and again until there is an answer; says what was missing if there never is one.
///
/// `what` is waited for, for the report of the failure, beside which `scene` is shown. The longest
/// wait is only a bound for broken programs: no test measures time.
func eventually<Answer>(
    _ what: String,
    within seconds: Double = 120,
    scene: () -> String = { "" },
    sourceLocation: SourceLocation = #_sourceLocation,
    look: () throws -> Answer?
) throws -> Answer {
    let deadline = Deadline(seconds: seconds)
    while true {
        if let answer = try look() { return answer }
        guard !deadline.isOver else {
            let report = "waited \(seconds) s in vain: \(what)\n\(scene())"
            return try #require(
                nil as Answer?,
                Comment(rawValue: report),
                sourceLocation: sourceLocation
            )
        }
        deadline.pause()
    }
}

extension Bool {
    /// Something to stop looking for, or nothing yet.
    var orNil: Void? { self ? () : nil }
}
