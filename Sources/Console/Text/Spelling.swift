/// Finds what somebody may have meant.
enum Spelling {
    /// The candidate that differs in the fewest letters; nil if all differ in more than a third.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let scored = candidates.map {
            ($0, distance(Array(word.lowercased()), Array($0.lowercased())))
        }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(2, best.0.count / 3) else {
            return nil
        }
        return best.0
    }

    /// How many letters must be put in, taken out or changed.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        // Long input is somebody's paste, not a slip of the finger.
        guard left.count <= 64 else { return .max }
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
