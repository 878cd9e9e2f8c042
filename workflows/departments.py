"""The departments a case may pass through."""

from typing import Final

from baton.process import Department

CUSTOMER_SERVICE: Final = Department("customer-service")
CLAIMS: Final = Department("claims")
FINANCE: Final = Department("finance")
LOGISTICS: Final = Department("logistics")
PURCHASING: Final = Department("purchasing")
SALES: Final = Department("sales")
LEGAL: Final = Department("legal")
SIGNATORIES: Final = Department("signatories")
ONBOARDING: Final = Department("onboarding")
PROCUREMENT: Final = Department("procurement")
VENDORS: Final = Department("vendor-management")
RECEIVING: Final = Department("receiving")
PAYABLES: Final = Department("accounts-payable")
