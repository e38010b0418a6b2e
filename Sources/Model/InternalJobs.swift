/// Housekeeping: jobs that nobody asked for and that hardly anybody wants to see.
package enum InternalJobs {
    /// The kinds that keep house, when a schedule or another job makes their jobs.
    ///
    /// They stand in an index of the store: whoever adds one writes a migration that makes it anew.
    package static let kinds = ["host.scan", "inventory.sync"]
}

extension Job {
    /// Whether it keeps house: its kind does, and no person submitted it.
    package var isInternal: Bool {
        (schedule != nil || parentID != nil) && InternalJobs.kinds.contains(kind)
    }

    /// Whether lists leave it out unless they are asked for it: it keeps house, and calls for
    /// nobody.
    package var isHidden: Bool { isInternal && attention == .none }
}

extension Filter {
    /// The same without jobs that keep house and call for nobody.
    package var withoutInternal: Filter {
        .and([
            self,
            .or([
                .number(.internal, .equal, 0),
                .not(.field(.attention, pattern: Attention.none.rawValue)),
            ]),
        ])
    }

    /// Whether it names what decides over jobs that keep house, so that those that fit are meant.
    package var asksForInternal: Bool {
        switch self {
        case .number(.internal, _, _), .number(.id, _, _), .number(.parent, _, _),
            .number(.root, _, _), .field(.kind, _), .field(.schedule, _), .field(.uuid, _):
            true
        case .and(let parts), .or(let parts): parts.contains(where: \.asksForInternal)
        case .not(let inner): inner.asksForInternal
        case .all, .states, .field, .number, .word: false
        }
    }
}
