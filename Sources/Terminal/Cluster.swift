/// What fills one cell, or two side by side: a visible character and the marks upon it.
///
/// Only what is safe to send to a terminal can be in one; see ``ClusterReader``.
struct Cluster: Hashable {
    /// The character itself.
    let base: Unicode.Scalar
    /// Marks upon it; 0 where there is none.
    var marks: (first: UInt32, second: UInt32) = (0, 0)
    /// Columns it takes, 1 or 2.
    let width: Int

    static func == (left: Cluster, right: Cluster) -> Bool {
        left.base == right.base && left.marks == right.marks
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(base)
        hasher.combine(marks.first)
        hasher.combine(marks.second)
    }

    /// Sets a mark upon it; a third and later ones are left out.
    mutating func add(_ mark: Unicode.Scalar) {
        if marks.first == 0 {
            marks.first = mark.value
        } else if marks.second == 0 {
            marks.second = mark.value
        }
    }
}

/// Cuts any text into clusters that are safe to show, however hostile the text is.
///
/// - A control character becomes its picture (ESC is `␛`), a tab one blank.
/// - What takes no room or turns text around becomes `·`: bidi and C1 controls, zero-width
///   characters, line separators, tags.
/// - What the C library does not know becomes `�`, and so does a mark with nothing beneath it.
/// - Emoji joined into one become the first of them and `·`; skin tones and variation selectors
///   are left out; a flag becomes its two letters.
/// - Two marks are kept on a character, more are left out.
///
/// Reading what was read changes nothing any more.
struct ClusterReader: IteratorProtocol {
    private var scalars: Substring.UnicodeScalarView.Iterator
    private var ahead: Unicode.Scalar?
    private var last: Unicode.Scalar?

    /// Stands for what cannot be seen.
    static let invisible: Unicode.Scalar = "·"
    /// Stands for what is not known.
    static let unknown: Unicode.Scalar = "\u{FFFD}"

    init(_ text: Substring) {
        scalars = text.unicodeScalars.makeIterator()
        ahead = scalars.next()
    }

    init(_ text: String) {
        self.init(text[...])
    }

    mutating func next() -> Cluster? {
        while let scalar = ahead {
            advance()
            let kind = ScalarClass.of(scalar)
            if kind == .selector { continue }
            if kind == .joiner, Self.isEmoji(last) { skipJoined() }
            var cluster = Self.stand(for: scalar, kind)
            absorb(into: &cluster)
            last = cluster.base
            return cluster
        }
        return nil
    }

    private mutating func advance() {
        ahead = scalars.next()
    }

    /// Leaves out the emoji that a joiner would melt into the one before it.
    private mutating func skipJoined() {
        while let scalar = ahead, Self.isEmoji(scalar) {
            advance()
            var dropped = Cluster(base: scalar, width: 1)
            absorb(into: &dropped)
            if let next = ahead, ScalarClass.of(next) == .joiner { advance() }
        }
    }

    private static func isEmoji(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, scalar.value > 0xFF else { return false }
        return scalar.properties.isEmoji
    }

    /// Takes in all that belongs to the character before it.
    private mutating func absorb(into cluster: inout Cluster) {
        while let scalar = ahead {
            // Quick way out: what follows is nearly always a character of its own.
            if scalar.value < 0x300 { return }
            switch ScalarClass.of(scalar) {
            case .mark: cluster.add(scalar)
            case .selector: break
            case .skinTone where cluster.base.properties.isEmojiModifierBase: break
            default: return
            }
            advance()
        }
    }

    /// What is shown for a scalar.
    private static func stand(for scalar: Unicode.Scalar, _ kind: ScalarClass) -> Cluster {
        switch kind {
        case .narrow: return Cluster(base: scalar, width: 1)
        case .wide, .skinTone: return Cluster(base: scalar, width: 2)
        case .control: return Cluster(base: picture(of: scalar), width: 1)
        case .invisible, .joiner: return Cluster(base: invisible, width: 1)
        case .unknown, .mark, .selector: return Cluster(base: unknown, width: 1)
        case .regional:
            let letter = UInt8(truncatingIfNeeded: scalar.value - 0x1F1E6 + 65)
            return Cluster(base: Unicode.Scalar(letter), width: 1)
        }
    }

    private static func picture(of control: Unicode.Scalar) -> Unicode.Scalar {
        switch control.value {
        case 0x09: return " "
        case 0x7F: return "\u{2421}"
        default: return Unicode.Scalar(0x2400 + control.value) ?? unknown
        }
    }
}
