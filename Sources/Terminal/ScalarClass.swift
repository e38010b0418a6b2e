import CNcurses

/// What may be done with a Unicode scalar on a terminal.
///
/// The widths are the C library's, because ncurses lays its cells out by them.
enum ScalarClass: UInt8 {
    /// Stands in one column.
    case narrow
    /// Stands in two columns.
    case wide
    /// Sits on the character before it.
    case mark
    /// A C0 control character or DEL.
    case control
    /// Takes no room or turns text around: format, bidi and C1 controls, separators of lines.
    case invisible
    /// Not assigned, or not known to the C library.
    case unknown
    /// Chooses how the character before it looks; left out.
    case selector
    /// U+200D, which joins emoji into one.
    case joiner
    /// Colours the skin of the emoji before it.
    case skinTone
    /// Half of a flag.
    case regional

    /// The class of a scalar.
    static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
        let value = Int(scalar.value)
        guard value < table.count else { return classify(scalar) }
        return ScalarClass(rawValue: table[value]) ?? .unknown
    }

    /// Classes of the first two planes, where nearly all text lies.
    private static let table: [UInt8] = (0..<UInt32(0x20000)).map { value in
        (Unicode.Scalar(value).map(classify) ?? .unknown).rawValue
    }

    private static func classify(_ scalar: Unicode.Scalar) -> ScalarClass {
        switch scalar.value {
        case 0x20..<0x7F: return .narrow
        case 0..<0x20, 0x7F: return .control
        case 0x80..<0xA0: return .invisible
        case 0x200D: return .joiner
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x180B...0x180D: return .selector
        case 0x1F3FB...0x1F3FF: return .skinTone
        case 0x1F1E6...0x1F1FF: return .regional
        default: break
        }
        let width = cn_width(scalar.value)
        let category = scalar.properties.generalCategory
        switch category {
        case .format, .lineSeparator, .paragraphSeparator, .control: return .invisible
        case .unassigned, .surrogate: return .unknown
        default: break
        }
        switch width {
        case 1: return .narrow
        case 2: return .wide
        case 0:
            let sits: [Unicode.GeneralCategory] = [
                .nonspacingMark, .enclosingMark, .spacingMark, .otherLetter,
            ]
            // The Hangul filler is a letter that shows nothing at all.
            return sits.contains(category) && scalar.value != 0x115F ? .mark : .invisible
        default: return .unknown
        }
    }
}
