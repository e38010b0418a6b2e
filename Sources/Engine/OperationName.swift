package import Model

/// The name under which the backend knows one attempt at one step: `5948/2/1`, `5948/2/u1` if it
/// takes the step back, `5948/2/x1` if a program outside does it.
///
/// It is made from what is stored, so that after a crash the engine can ask for every operation it
/// may have begun, and can tell from any news which job and attempt it is about.
package struct OperationName: Hashable, Sendable, CustomStringConvertible {
    /// The job.
    package let job: JobID
    /// The index of the step.
    package let step: Int
    /// Which attempt, from 1.
    package let attempt: Int
    /// Whether it takes the step back.
    package let isUndo: Bool
    /// Whether a program outside does it: what is asked about it goes nowhere else.
    package let isExternal: Bool

    /// The name of an attempt.
    package init(
        job: JobID,
        step: Int,
        attempt: Int,
        isUndo: Bool = false,
        isExternal: Bool = false
    ) {
        self.job = job
        self.step = step
        self.attempt = attempt
        self.isUndo = isUndo
        self.isExternal = isExternal
    }

    /// Reads a name; nil if the text is none.
    package init?(_ text: String) {
        // By hand, because every news item and every call is read.
        var rest = Substring(text).utf8
        guard let job = Self.number(&rest, to: "/"), let step = Self.number(&rest, to: "/")
        else { return nil }
        let isUndo = rest.first == UInt8(ascii: "u")
        if isUndo { rest = rest.dropFirst() }
        let isExternal = rest.first == UInt8(ascii: "x")
        if isExternal { rest = rest.dropFirst() }
        guard let attempt = Self.number(&rest, to: nil) else { return nil }
        self.init(
            job: JobID(job),
            step: Int(step),
            attempt: Int(attempt),
            isUndo: isUndo,
            isExternal: isExternal
        )
    }

    /// Takes digits, and the mark behind them; nil if something else stands there.
    private static func number(
        _ bytes: inout Substring.UTF8View,
        to mark: Unicode.Scalar?
    ) -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while let byte = bytes.first, (48..<58).contains(byte) {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int64(byte - 48))
            guard !isTooLarge, !overflows else { return nil }
            value = sum
            digits += 1
            bytes = bytes.dropFirst()
        }
        guard digits > 0 else { return nil }
        guard let mark else { return bytes.isEmpty ? value : nil }
        return bytes.popFirst() == UInt8(ascii: mark) ? value : nil
    }

    /// The name as text.
    package var description: String {
        "\(job.number)/\(step)/\(isUndo ? "u" : "")\(isExternal ? "x" : "")\(attempt)"
    }
}
