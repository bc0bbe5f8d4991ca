"""The only rooms where foreign formats and protocols are spoken."""
