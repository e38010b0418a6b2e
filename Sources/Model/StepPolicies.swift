/// A step after which there is another way back than through the steps before it.
///
/// Once the step is done, nothing before it is undone any more, and not the step itself: only
/// ``undo`` is, if there is one.
package struct CommitPoint: Hashable, Codable, Sendable {
    /// What takes everything up to here back; nil if nothing is to be taken back.
    package var undo: Operation?

    /// A commit point with what takes the place of the undo stack.
    package init(undo: Operation?) { self.undo = undo }
}

/// What of an entity is written down before a step changes it, so that it can be put back exactly.
package struct EntitySnapshot: Hashable, Codable, Sendable {
    /// What is changed: `vm/web-1`.
    package var entity: String
    /// Which of its fields.
    package var fields: [String]

    /// A snapshot of these fields.
    package init(of entity: String, fields: [String]) {
        self.entity = entity
        self.fields = fields
    }
}

/// What the stop of a parent does to one of its children.
package enum StopPolicy: String, CaseIterable, Codable, Sendable {
    /// It is stopped too.
    case cascade
    /// It goes on by itself, and the parent waits for it before it ends.
    case orphan
    /// The parent cannot be stopped while this child is at work.
    case refuse
}

extension ChildSpec {
    private enum Key: String, CodingKey {
        case kind, target, parameters, weight, onStop, undo
    }

    /// Reads a child; what older plans did not say has its usual value.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        kind = try values.decode(String.self, forKey: .kind)
        target = try values.decode(Target.self, forKey: .target)
        parameters = try values.decode([String: String].self, forKey: .parameters)
        weight = try values.decode(Int.self, forKey: .weight)
        onStop = try values.decodeIfPresent(StopPolicy.self, forKey: .onStop) ?? .cascade
        undo = try values.decodeIfPresent(Operation.self, forKey: .undo)
    }

    /// Writes a child; what is usual is left out.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(kind, forKey: .kind)
        try values.encode(target, forKey: .target)
        try values.encode(parameters, forKey: .parameters)
        try values.encode(weight, forKey: .weight)
        if onStop != .cascade { try values.encode(onStop, forKey: .onStop) }
        try values.encodeIfPresent(undo, forKey: .undo)
    }
}
