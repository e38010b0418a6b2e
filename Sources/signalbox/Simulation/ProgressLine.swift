import Foundation
import Model

/// One line on the terminal that says how far something has come, written over now and then.
struct ProgressLine {
    private let isShown = isatty(2) == 1
    private let began = ContinuousClock.now
    private var next = ContinuousClock.now + .seconds(1)
    private var hasShown = false

    /// Shows how far it is, if somebody looks and the last time was a while ago.
    mutating func show(_ share: Double, _ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard isShown, now >= next else { return }
        next = now + .milliseconds(500)
        hasShown = true
        let past = (now - began) / .milliseconds(1)
        let left = share > 0.001 ? Span.coarse(Int64(past / share - past)) + " left" : ""
        let percent = Int(min(1, share) * 100)
        StandardError.put("\r\u{1B}[K\(percent) %  \(text())  \(left)")
    }

    /// Takes the line away.
    func clear() {
        if hasShown { StandardError.put("\r\u{1B}[K") }
    }
}
