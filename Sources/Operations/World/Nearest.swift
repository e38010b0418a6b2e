/// Finds what somebody probably meant.
enum Nearest {
    /// At most three names that differ least from a mistyped one, the likeliest first.
    static func names(to wrong: String, among names: [String]) -> [String] {
        let wanted = Array(wrong.lowercased().utf8.prefix(64))
        let limit = max(1, wanted.count / 3)
        var close: [(name: String, distance: Int)] = []
        for name in names {
            let candidate = Array(name.lowercased().utf8.prefix(64))
            guard abs(candidate.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, candidate)
            if distance <= limit { close.append((name, distance)) }
        }
        close.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return close.prefix(3).map(\.name)
    }

    /// How many letters must be typed differently, two swapped ones counting once.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let swap =
                    row > 0 && column > 0 && letter == right[column - 1]
                    && left[row - 1] == other
                var best = min(previous[column + 1], current[column]) + 1
                best = min(best, previous[column] + (letter == other ? 0 : 1))
                if swap { best = min(best, older[column - 1] + 1) }
                current.append(best)
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
