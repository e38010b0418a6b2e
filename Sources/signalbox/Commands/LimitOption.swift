import Model

/// Limits of time as people write them: `queue=10m`.
enum LimitOption {
    /// Reads limits by name; nil if there are none.
    static func read(_ texts: [String]) throws(Complaint) -> TimeLimits? {
        var limits = TimeLimits()
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let name = TimeLimit.Name(rawValue: parts[0]),
                let span = Span.milliseconds(parts[1]), PlanCheck.stallRange.contains(span)
            else {
                throw Complaint(
                    .usage,
                    "--limit is queue=, start=, step= or total= and a span such as 10m, "
                        + "not “\(text)”"
                )
            }
            switch name {
            case .queue: limits.queue = span
            case .start: limits.start = span
            case .step: limits.step = span
            case .total: limits.total = span
            }
        }
        return limits.isEmpty ? nil : limits
    }
}
