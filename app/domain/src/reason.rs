//! Why a certificate is reissued.

use crate::coded::coded;

coded! {
    /// Why a new certificate is needed.
    Reason {
        PasswordLost = "password_lost", FileDamaged = "file_damaged", Expired = "expired", CarrierFailed = "carrier_failed",
        Planned = "planned", DataChanged = "data_changed", Compromised = "compromised", EmployeeLeft = "employee_left",
    }
}

impl Reason {
    /// Whether the certificate can no longer be used from the moment of the report.
    #[must_use]
    pub const fn takes_access(self) -> bool {
        matches!(self, Self::PasswordLost | Self::FileDamaged | Self::CarrierFailed | Self::Compromised)
    }
}
