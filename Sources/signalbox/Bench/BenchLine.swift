import Model

/// One measured number beside what is to be reached and what plain SQLite does.
struct BenchLine {
    /// The benchmark it belongs to.
    let name: String
    /// What was measured.
    let what: String
    /// The number.
    let value: Double
    /// Its unit.
    let unit: String
    /// The same by plain SQL in the same run; nil where there is nothing to compare with.
    var baseline: Double?
    /// What is to be reached, in words; empty if nothing is said.
    var goal = ""
    /// Whether that was reached.
    var isReached: Bool?

    /// A line whose goal is a share of the baseline, in per cent.
    init(
        _ name: String,
        _ what: String,
        _ value: Double,
        _ unit: String,
        baseline: Double? = nil
    ) {
        self.name = name
        self.what = what
        self.value = value
        self.unit = unit
        self.baseline = baseline
    }

    /// The line with the goal of being at most, or at least, so much.
    func reaching(_ goal: String, _ isReached: Bool) -> BenchLine {
        var line = self
        line.goal = goal
        line.isReached = isReached
        return line
    }

    /// The share of the baseline, in per cent.
    var share: Double? { baseline.map { $0 > 0 ? value / $0 * 100 : 0 } }

    /// The line as JSON.
    var object: JSONValue {
        .object(of: [
            "name": .string(name),
            "what": .string(what),
            "value": .number(Self.number(value)),
            "unit": .string(unit),
            "baseline": baseline.map { .number(Self.number($0)) } ?? .null,
            "goal": goal.isEmpty ? .null : .string(goal),
            "reached": isReached.map(JSONValue.bool) ?? .null,
        ])
    }

    /// The line as cells of a table.
    var cells: [Table.Cell] {
        let mark: Table.Cell =
            switch isReached {
            case true?: .init("yes", .good)
            case false?: .init("no", .bad)
            case nil: "-"
            }
        return [
            .init(name), .init(what), .init("\(Self.number(value)) \(unit)"),
            .init(baseline.map { "\(Self.number($0)) \(unit)" } ?? "-"),
            .init(share.map { "\(Int($0.rounded())) %" } ?? "-"),
            .init(goal.isEmpty ? "-" : goal), mark,
        ]
    }

    /// A number with as many digits as mean something.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        if value >= 100 { return String(Int64(value.rounded())) }
        let hundredths = Int64((value * 1000).rounded())
        let digits = String(hundredths % 1000)
        return "\(hundredths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

/// Numbers in order, for medians and the like.
struct Percentiles {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    /// The value below which so many per cent of all lie.
    func callAsFunction(_ percent: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let place = Int((Double(sorted.count) * percent / 100).rounded(.up)) - 1
        return sorted[min(max(place, 0), sorted.count - 1)]
    }
}
