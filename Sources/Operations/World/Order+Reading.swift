import Engine
import Model

extension Order {
    /// A parameter's text; nil if it was left out or is empty.
    func text(_ name: String) -> String? {
        guard let text = parameters[name], !text.isEmpty else { return nil }
        return text
    }

    /// A whole number; nil if it was left out.
    func number(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw .validation(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not “\(text)”"
            )
        }
        return value
    }

    /// Yes or no; no if it was left out.
    func flag(_ name: String) throws(Failure) -> Bool {
        switch text(name) {
        case nil, "false", "no": return false
        case "true", "yes": return true
        case let other?: throw .validation("\(name) must be true or false, not “\(other)”")
        }
    }

    /// One of these words; the first if it was left out.
    func choice(_ name: String, of words: [String]) throws(Failure) -> String {
        guard let text = text(name) else { return words.first ?? "" }
        guard words.contains(text) else {
            throw .validation(
                "\(name) must be one of \(words.joined(separator: ", ")), not “\(text)”"
            )
        }
        return text
    }

    /// The lock on the target as `lock` asks for it: exclusive if nothing is said, or none.
    func targetLocks() throws(Failure) -> [LockRequest] {
        let mode = try choice("lock", of: ["", "exclusive", "shared", "none"])
        guard target != .none else {
            guard mode.isEmpty || mode == "none" else {
                throw .validation("lock=\(mode) needs a target to be held")
            }
            return []
        }
        switch mode {
        case "none": return []
        case "shared": return [.shared(target.description)]
        default: return [.exclusive(target.description)]
        }
    }

    /// Refuses the order unless something is the case now, or may be when it is the job's turn.
    func require(_ isSo: Bool, else text: @autoclosure () -> String) throws(Failure) {
        guard isSo || isTentative else { throw .validation(text()) }
    }

    /// The parameters with these names that were given, to be handed on.
    func passing(_ names: String...) -> [String: String] {
        parameters.filter { names.contains($0.key) && !$0.value.isEmpty }
    }
}
