"""What people do: each public function is one transaction."""
